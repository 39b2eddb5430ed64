#include "initscan/sbom/purl.h"

#include "common/text/ascii.h"
#include "common/text/control.h"
#include "common/text/percent.h"

#include <algorithm>

namespace initscan {
namespace {

// purl-spec, "Character encoding": all but letters, digits, ".-_~" and the colon is percent-encoded.
std::string encoded(std::string_view text) {
  return percent_encode(text, ".-_~:");
}

// A '%' without two digits after it represents itself.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(16 * high + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Cuts `text` at the first `mark` and returns what follows it.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t place = text.find(mark);
  if (place == text.npos) return {};
  const std::string_view rest = text.substr(place + 1);
  text = text.substr(0, place);
  return rest;
}

void lower(std::string& text, std::size_t end = std::string::npos) {
  end = std::min(end, text.size());
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), text.begin(), to_lower);
}

// A type that has no names but those in lower case. So is the source, which comes before its version.
void normalize(Purl& purl) {
  lower(purl.type);
  const Ecosystem* const ecosystem = find_purl_type(purl.type);
  if (ecosystem == nullptr || ecosystem->names != NameRule::lower_case) return;
  lower(purl.name_space);
  lower(purl.name);
  for (auto& [key, value] : purl.qualifiers) {
    if (key == "upstream" || key == "source") lower(value, value.find('@'));
  }
}

// Namespace and name of what belongs to no distribution: "%40babel/core" of "@babel/core".
std::string path_of(std::string_view name, const Ecosystem& ecosystem) {
  std::string path;
  for (const std::string_view mark = ecosystem.name_space_mark; !mark.empty();) {
    const std::size_t end = name.find(mark);
    if (end == name.npos) break;
    path += encoded(name.substr(0, end)) + '/';
    name.remove_prefix(end + mark.size());
  }
  return path + encoded(name);
}

}  // namespace

std::string_view Purl::qualifier(std::string_view key) const {
  for (const auto& [own_key, value] : qualifiers) {
    if (own_key == key) return value;
  }
  return {};
}

std::string_view Purl::contradiction() const {
  for (const auto& [key, value] : qualifiers) {
    if (qualifier(key) != value) return key;
  }
  return {};
}

std::string package_name_of(const Purl& purl, const Ecosystem& ecosystem) {
  if (ecosystem.name_space_mark.empty() || purl.name_space.empty()) return purl.name;
  return purl.name_space + std::string(ecosystem.name_space_mark) + purl.name;
}

std::string purl_of(const Package& package, const OsRelease& os) {
  const Ecosystem* const ecosystem = find_ecosystem(package.type);
  std::string purl = "pkg:" + std::string(to_string(package.type)) + '/';
  if (ecosystem != nullptr && !ecosystem->osv_name.empty()) {
    purl += path_of(package.name, *ecosystem);
    return package.version.empty() ? purl : purl + '@' + encoded(package.version);
  }
  if (!os.id.empty()) purl += encoded(os.id) + '/';
  purl += encoded(package.name) + '@' + encoded(package.version);

  char mark = '?';
  const auto qualify = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    purl += mark;
    purl += name;
    purl += '=';
    purl += encoded(value);
    mark = '&';
  };
  qualify("arch", package.architecture);
  if (!os.id.empty() && !os.version_id.empty()) qualify("distro", os.id + '-' + os.version_id);
  qualify("rpmmod", package.module);
  if (package.source_version != package.version) {
    qualify("upstream", package.source_name + '@' + package.source_version);
  } else if (package.source_name != package.name) {
    qualify("upstream", package.source_name);
  }
  return purl;
}

std::optional<Purl> parse_purl(std::string_view text) {
  constexpr std::string_view kScheme = "pkg:";
  if (!text.starts_with(kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  while (text.starts_with('/')) text.remove_prefix(1);
  cut(text, '#');
  std::string_view qualifiers = cut(text, '?');

  Purl purl;
  const std::size_t at = text.rfind('@');
  if (at != text.npos && at > 0 && text.find('/', at) == text.npos) {
    purl.version = decoded(text.substr(at + 1));
    text = text.substr(0, at);
  }
  const std::size_t slash = text.find('/');
  if (slash == text.npos || slash == 0) return std::nullopt;
  purl.type = text.substr(0, slash);
  const std::string_view path = text.substr(slash + 1);
  const std::size_t last = path.rfind('/');
  if (last != path.npos) purl.name_space = decoded(path.substr(0, last));
  purl.name = decoded(last == path.npos ? path : path.substr(last + 1));
  if (purl.name.empty()) return std::nullopt;

  while (!qualifiers.empty()) {
    std::string_view pair = qualifiers;
    qualifiers = cut(pair, '&');
    const std::string_view value = cut(pair, '=');
    if (!pair.empty() && !value.empty()) purl.qualifiers.emplace_back(in_lower_case(pair), decoded(value));
  }
  // No package is called so: what would match nothing must not read as clean.
  const auto is_odd = [](const auto& pair) { return has_control(pair.second); };
  if (has_control(purl.name_space) || has_control(purl.name) || has_control(purl.version) ||
      std::any_of(purl.qualifiers.begin(), purl.qualifiers.end(), is_odd)) {
    return std::nullopt;
  }
  normalize(purl);
  return purl;
}

}  // namespace initscan
