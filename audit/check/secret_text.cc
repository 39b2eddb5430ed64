#include "audit/check/secret_text.h"

#include "audit/check/secret_name.h"
#include "common/crypto/base64.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <string>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxName = 256;   // of what is assigned to; longer runs of letters are no names
constexpr std::size_t kMaxValue = 256;  // of what is assigned: whether it is a secret shows in its first bytes

// A key of an issuer: how it begins, and how many characters it has at least.
struct Issued {
  std::string_view prefix;
  std::size_t min_size;
  std::string_view what;
};

constexpr std::array<Issued, 19> kIssued{{
    {"AKIA", 20, "an AWS access key"}, {"ASIA", 20, "an AWS access key"},     {"ghp_", 40, "a GitHub token"},
    {"gho_", 40, "a GitHub token"},    {"ghs_", 40, "a GitHub token"},        {"ghu_", 40, "a GitHub token"},
    {"ghr_", 40, "a GitHub token"},    {"github_pat_", 40, "a GitHub token"}, {"glpat-", 26, "a GitLab token"},
    {"xoxb-", 24, "a Slack token"},    {"xoxp-", 24, "a Slack token"},        {"xapp-", 24, "a Slack token"},
    {"AIza", 39, "a Google API key"},  {"sk_live_", 24, "a Stripe key"},      {"rk_live_", 24, "a Stripe key"},
    {"npm_", 40, "an npm token"},      {"hvs.", 24, "a Vault token"},         {"dop_v1_", 71, "a DigitalOcean token"},
    {"SG.", 69, "a SendGrid key"},
}};

// Of names of variables, options and members.
bool is_name_char(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

bool is_token_char(char c) {
  return is_name_char(c);
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// "$(NAME)", "${NAME}" and "$NAME" as a whole: the kubelet or a shell puts something else there.
bool is_reference(std::string_view value) {
  if (value.starts_with("$(")) return value.find(')') == value.npos || value.find(')') == value.size() - 1;
  if (value.starts_with("${")) return value.find('}') == value.size() - 1;
  return value.size() > 1 && value.front() == '$' && (is_letter(value[1]) || value[1] == '_') &&
         std::all_of(value.begin() + 1, value.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

// Where a store of secrets, or something that fills in templates, is asked for the value.
bool is_stored_elsewhere(std::string_view value) {
  constexpr std::array<std::string_view, 14> kPrefixes{
      "vault:", "ref+", "op://",     "awssm:", "arn:aws:",   "ssm:", "sm://",
      "gcpsm:", "akv:", "secret://", "file:",  "secretref:", "env:", "projects/"};
  const auto begins = [&](std::string_view prefix) { return value.starts_with(prefix); };
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), begins) || value.starts_with("{{") ||
         value.starts_with("<%") || (value.starts_with('<') && value.ends_with('>')) || value.starts_with('`');
}

bool is_flag(std::string_view value) {
  constexpr std::array<std::string_view, 12> kFlags{"true", "false", "yes",  "no",        "on",       "off",
                                                    "none", "null",  "auto", "undefined", "redacted", "disabled"};
  return std::any_of(kFlags.begin(), kFlags.end(), [&](std::string_view flag) {
    return std::equal(flag.begin(), flag.end(), value.begin(), value.end(),
                      [](char want, char c) { return want == to_lower(c); });
  });
}

// "***" and "xxxx".
bool is_one_character(std::string_view value) {
  constexpr std::size_t kMin = 3;
  return value.size() >= kMin && value.find_first_not_of(value.front()) == value.npos;
}

bool has_password_in_url(std::string_view text) {
  constexpr std::string_view kMark = "://";
  for (std::size_t scheme = text.find(kMark); scheme != text.npos; scheme = text.find(kMark)) {
    const bool has_scheme = scheme > 0 && is_name_char(text[scheme - 1]);
    text.remove_prefix(scheme + kMark.size());
    const std::string_view authority = text.substr(0, text.find_first_of("/?# \t\n\"'"));
    const std::size_t at = authority.rfind('@');
    if (!has_scheme || at == authority.npos) continue;
    const std::string_view user = authority.substr(0, at);
    const std::size_t colon = user.find(':');
    if (colon == user.npos) continue;
    const std::string_view password = user.substr(colon + 1);
    if (!password.empty() && !is_reference(password) && !is_one_character(password) && !is_stored_elsewhere(password)) {
      return true;
    }
  }
  return false;
}

// Three parts in base64url; the first is a JSON object.
bool is_web_token(std::string_view token) {
  constexpr std::size_t kMinSize = 40;
  return token.starts_with("eyJ") && token.size() >= kMinSize && std::count(token.begin(), token.end(), '.') == 2;
}

// The runs of letters, digits, dots and dashes.
std::string_view token_shape(std::string_view text) {
  while (!text.empty()) {
    const auto start = std::find_if(text.begin(), text.end(), is_token_char);
    const auto end = std::find_if_not(start, text.end(), is_token_char);
    const std::string_view token(start, end);
    if (is_web_token(token)) return "a JSON Web Token";
    for (const auto& [prefix, min_size, what] : kIssued) {
      if (token.starts_with(prefix) && token.size() >= min_size) return what;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return {};
}

// "Bearer" and "Basic" as headers of HTTP have them, in any case of letters. In the middle of a text these are words
// of a sentence, too: then what follows must look like a credential.
std::string_view header_shape(std::string_view text) {
  constexpr std::array<std::string_view, 2> kSchemes{"bearer ", "basic "};
  for (const std::string_view scheme : kSchemes) {
    auto from = text.begin();
    while (true) {
      const auto at = std::search(from, text.end(), scheme.begin(), scheme.end(),
                                  [](char c, char want) { return to_lower(c) == want; });
      if (at == text.end()) break;
      from = at + static_cast<std::ptrdiff_t>(scheme.size());
      if (at != text.begin() && is_token_char(*(at - 1))) continue;
      const auto end = std::find_if(from, text.end(), [](char c) { return is_space(c) || is_quote(c); });
      const std::string_view credential(from, end);
      if (credential.empty() || is_no_secret(credential)) continue;
      if (scheme == kSchemes[0]) {
        if (at == text.begin() || std::any_of(credential.begin(), credential.end(), is_digit)) return "a bearer token";
      } else if (const auto decoded = base64_decode(credential); decoded && decoded->find(':') != decoded->npos) {
        return "a password in a header";
      }
    }
  }
  return {};
}

// A name that is given a value, "NAME=VALUE", a member of JSON or a line of YAML; and the value.
struct Assignment {
  std::string_view name;
  std::string_view value;
};

class Assignments {
 public:
  explicit Assignments(std::string_view text) : text_(text) {}

  template <class Visit>
  bool any(Visit visit) {
    while (at_ < text_.size()) {
      if (!is_name_char(text_[at_])) {
        ++at_;
        continue;
      }
      const std::size_t start = at_;
      while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
      const std::string_view name = text_.substr(start, at_ - start);
      if (name.size() > kMaxName) continue;
      const std::string_view value = value_after(start);
      if (!value.empty() && visit(Assignment{name, value})) return true;
    }
    return false;
  }

 private:
  char look(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::size_t past(std::size_t at, bool (*is)(char)) const {
    while (at < text_.size() && is(text_[at])) ++at;
    return at;
  }

  // In a document within a string its quotes are escaped.
  static bool is_escaped_quote(char c) { return is_quote(c) || c == '\\'; }

  std::string_view value_after(std::size_t start) {
    const bool is_quoted = start > 0 && is_quote(text_[start - 1]) && is_escaped_quote(look(at_));
    std::size_t sign = is_quoted ? past(past(at_, is_escaped_quote), is_space) : at_;
    if (look(sign) == '=' && look(sign + 1) != '=') return assigned(sign + 1);
    if (look(sign) != ':') return {};
    if (is_quoted) return quoted(past(sign + 1, is_space));
    return begins_line(start) && is_space(look(sign + 1)) ? line(sign + 1) : std::string_view();
  }

  std::string_view up_to(std::string_view delimiters, std::size_t at) const {
    const std::string_view rest = text_.substr(std::min(at, text_.size()), kMaxValue);
    return rest.substr(0, rest.find_first_of(delimiters));
  }

  std::string_view assigned(std::size_t at) {
    if (is_escaped_quote(look(at))) return quoted(at);
    return up_to(" \t\r\n;&|,\"'", at);
  }

  std::string_view quoted(std::size_t at) {
    if (!is_escaped_quote(look(at))) return {};
    return up_to("\"'\\", past(at, is_escaped_quote));
  }

  bool begins_line(std::size_t start) const {
    while (start > 0 && (text_[start - 1] == ' ' || text_[start - 1] == '-')) --start;
    return start == 0 || text_[start - 1] == '\n';
  }

  std::string_view line(std::size_t at) {
    at = text_.find_first_not_of(" \t", at);
    if (at == text_.npos) return {};
    if (is_quote(look(at))) return quoted(at);
    return up_to("\r\n#", at);
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

std::string_view assignment_shape(std::string_view text) {
  const bool is_registries = text.find("auths") != text.npos;
  std::string_view shape;
  Assignments(text).any([&](const Assignment& made) {
    if (is_registries && (made.name == "auth" || made.name == "identitytoken" || made.name == "registrytoken")) {
      if (!is_no_secret(made.value)) shape = "credentials of a registry";
    } else if (is_secret_value(made.name, made.value)) {
      shape = "an assignment to a secret's name";
    }
    return !shape.empty();
  });
  return shape;
}

// "tool --password hunter2" in one text, as a shell takes it.
bool has_option_with_secret(std::string_view text) {
  std::string_view option;
  while (!text.empty()) {
    const auto start = std::find_if_not(text.begin(), text.end(), is_space);
    const auto end = std::find_if(start, text.end(), is_space);
    std::string_view word(start, end);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    if (!option.empty() && !word.starts_with('-')) {
      while (!word.empty() && is_quote(word.front())) word.remove_prefix(1);
      while (!word.empty() && is_quote(word.back())) word.remove_suffix(1);
      if (is_secret_value(option, word)) return true;
    }
    const bool is_option = word.starts_with("--") && std::all_of(word.begin(), word.end(), is_name_char);
    option = is_option ? word.substr(2) : std::string_view();
  }
  return false;
}

// Small letters, digits and dashes, as names of objects have them; short, or without a digit.
bool looks_like_object(std::string_view value) {
  constexpr std::size_t kShort = 16;
  const auto is_of_name = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '/'; };
  if (value.find("$(") != value.npos) return true;  // "$(POD_NAMESPACE)/shop-tls"
  return std::all_of(value.begin(), value.end(), is_of_name) &&
         (value.size() < kShort || std::none_of(value.begin(), value.end(), is_digit));
}

}  // namespace

bool is_no_secret(std::string_view value) {
  constexpr std::string_view kPathStarts = "/~.@";
  return value.empty() || kPathStarts.find(value.front()) != kPathStarts.npos || is_reference(value) ||
         is_stored_elsewhere(value) || is_flag(value) || is_one_character(value);
}

bool names_object(std::string_view name, std::string_view value, bool is_option) {
  switch (object_naming(name)) {
    case ObjectNaming::never: return false;
    case ObjectNaming::in_options: return is_option && looks_like_object(value);
    case ObjectNaming::by_value:
      return looks_like_object(value) && (is_option || value.find_first_of("-./") != value.npos);
    case ObjectNaming::always: return looks_like_object(value);
  }
  return false;
}

bool is_secret_value(std::string_view name, std::string_view value) {
  return !is_no_secret(value) && names_secret(name) && !names_object(name, value, true);
}

std::string_view secret_in_text(std::string_view text) {
  if (text.find("-BEGIN ") != text.npos && text.find("PRIVATE KEY-") != text.npos) return "a private key";
  if (has_password_in_url(text)) return "a password in a URL";
  if (const std::string_view shape = token_shape(text); !shape.empty()) return shape;
  if (const std::string_view shape = header_shape(text); !shape.empty()) return shape;
  if (const std::string_view shape = assignment_shape(text); !shape.empty()) return shape;
  return has_option_with_secret(text) ? "by the option before it" : std::string_view();
}

}  // namespace initscan::audit
