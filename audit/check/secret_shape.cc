#include "audit/check/secret_shape.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxName = 256;  // longer names are cut: only their first words count

// A key of an issuer: how it begins, and how many characters it has at least.
struct Issued {
  std::string_view prefix;
  std::size_t min_size;
  std::string_view what;
};

constexpr std::array<Issued, 11> kIssued{{
    {"AKIA", 20, "an AWS access key"},
    {"ASIA", 20, "an AWS access key"},
    {"ghp_", 40, "a GitHub token"},
    {"gho_", 40, "a GitHub token"},
    {"ghs_", 40, "a GitHub token"},
    {"github_pat_", 40, "a GitHub token"},
    {"glpat-", 26, "a GitLab token"},
    {"xoxb-", 24, "a Slack token"},
    {"xoxp-", 24, "a Slack token"},
    {"AIza", 39, "a Google API key"},
    {"sk_live_", 24, "a Stripe key"},
}};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// "dbAccessKey" and "DB_ACCESS_KEY" are both DB, ACCESS, KEY.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  char before = '_';
  for (const char c : name.substr(0, kMaxName)) {
    const bool is_letter = is_upper(c) || is_lower(c);
    if ((!is_letter || (is_upper(c) && is_lower(before))) && !words.back().empty()) words.emplace_back();
    if (is_letter) words.back() += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool names_secret(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  if (words.empty()) return false;
  // What is said about a secret is none: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME.
  if (is_one_of(words.back(), {"FILE", "PATH", "DIR", "NAME", "URL", "URI", "ENDPOINT", "TTL", "LIFETIME", "EXPIRY",
                               "EXPIRATION", "TIMEOUT", "LENGTH", "SIZE", "ENABLED", "TYPE", "POLICY", "ID"})) {
    return false;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_one_of(words[i], {"PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "SECRET", "SECRETS", "TOKEN", "APIKEY",
                             "CREDENTIAL", "CREDENTIALS"})) {
      return true;
    }
    if (i == 0) continue;
    if (words[i] == "PWD") return true;  // not the shell's own PWD
    if (words[i] == "KEY" && is_one_of(words[i - 1], {"API", "ACCESS", "PRIVATE", "ENCRYPTION", "SIGNING", "AUTH"})) {
      return true;
    }
  }
  return false;
}

// "$(NAME)" as a whole: the kubelet puts another variable's value there.
bool is_reference(std::string_view value) {
  return value.starts_with("$(") && value.find(')') == value.size() - 1;
}

bool has_password_in_url(std::string_view value) {
  constexpr std::string_view kMark = "://";
  const std::size_t scheme = value.find(kMark);
  if (scheme == value.npos || scheme == 0) return false;
  value = value.substr(scheme + kMark.size());
  value = value.substr(0, value.find_first_of("/?# "));
  const std::size_t at = value.rfind('@');
  if (at == value.npos) return false;
  const std::string_view user = value.substr(0, at);
  const std::size_t colon = user.find(':');
  if (colon == user.npos) return false;
  const std::string_view password = user.substr(colon + 1);
  return !password.empty() && !is_reference(password);
}

// Three parts of base64url, the first of which is a JSON object.
bool is_web_token(std::string_view value) {
  constexpr std::size_t kMinSize = 40;
  if (!value.starts_with("eyJ") || value.size() < kMinSize || std::count(value.begin(), value.end(), '.') != 2) {
    return false;
  }
  return std::all_of(value.begin(), value.end(), [](char c) {
    return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '=';
  });
}

// As a header of HTTP has it, in any case of letters.
bool is_bearer_token(std::string_view value) {
  constexpr std::string_view kScheme = "bearer ";
  if (value.size() <= kScheme.size() || is_reference(value.substr(kScheme.size()))) return false;
  return std::equal(kScheme.begin(), kScheme.end(), value.begin(),
                    [](char want, char c) { return want == (is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c); });
}

std::string_view issued_shape(std::string_view value) {
  for (const auto& [prefix, min_size, what] : kIssued) {
    if (value.starts_with(prefix) && value.size() >= min_size && value.find(' ') == value.npos) return what;
  }
  return {};
}

}  // namespace

std::string_view secret_shape(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  if (value.find("-BEGIN ") != value.npos && value.find("PRIVATE KEY-") != value.npos) return "a private key";
  if (has_password_in_url(value)) return "a password in a URL";
  if (is_web_token(value)) return "a JSON Web Token";
  if (is_bearer_token(value)) return "a bearer token";
  if (const std::string_view what = issued_shape(value); !what.empty()) return what;
  if (value.front() == '/' || is_reference(value) || is_one_of(value, {"true", "false"})) return {};
  return names_secret(name) ? "by its name" : std::string_view();
}

}  // namespace initscan::audit
