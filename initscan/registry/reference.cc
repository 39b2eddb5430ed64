#include "initscan/registry/reference.h"

#include "common/text/ascii.h"
#include "initscan/model/image_digest.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::size_t kMaxHost = 255;
constexpr std::size_t kMaxRepository = 255;
constexpr std::size_t kMaxTag = 128;
constexpr std::size_t kMaxPort = 5;

bool is_all(std::string_view text, bool (*is_one)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_one);
}

// Where the port begins, with its colon; npos where there is none.
std::size_t start_of_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  return colon != host.npos && (bracket == host.npos || colon > bracket) ? colon : host.npos;
}

bool is_host(std::string_view text) {
  if (text.size() > kMaxHost) return false;
  const std::size_t colon = start_of_port(text);
  const std::string_view name = text.substr(0, colon);
  if (colon != text.npos) {
    const std::string_view port = text.substr(colon + 1);
    if (port.size() > kMaxPort || !is_all(port, is_digit)) return false;
  }
  if (name.starts_with('[')) {
    return name.ends_with(']') && name.size() > 2 &&
           is_all(name.substr(1, name.size() - 2), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
  }
  const bool is_meant = name == "localhost" || colon != text.npos || name.find('.') != name.npos;
  return is_meant && is_all(name, [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; }) &&
         is_alphanumeric(name.front()) && name.find("..") == name.npos;
}

bool is_lower_or_digit(char c) {
  return is_lower(c) || is_digit(c);
}

bool is_component(std::string_view text) {
  return is_all(text, [](char c) { return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-'; }) &&
         is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) && text.find("..") == text.npos;
}

bool is_repository(std::string_view text) {
  if (text.size() > kMaxRepository) return false;
  for (;;) {
    const std::size_t slash = text.find('/');
    if (!is_component(text.substr(0, slash))) return false;
    if (slash == text.npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view text) {
  return text.size() <= kMaxTag &&
         is_all(text, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }) &&
         text.front() != '.' && text.front() != '-';
}

}  // namespace

std::string RegistryReference::text() const {
  return host + '/' + repository + (tag.empty() ? "" : ':' + tag) + (digest.empty() ? "" : '@' + digest);
}

Result<RegistryReference> parse_reference(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::usage, '"' + std::string(text) + "\": " + why + "; want HOST/NAME:TAG or HOST/NAME@sha256:..."};
  };
  std::string_view rest = text;
  RegistryReference reference;
  if (const std::size_t at = rest.find('@'); at != rest.npos) {
    reference.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!is_image_digest(reference.digest) || !reference.digest.starts_with("sha256:")) {
      return wrong("what stands behind @ is no sha256 digest");
    }
  }
  const std::size_t slash = rest.find('/');
  if (slash == rest.npos || !is_host(rest.substr(0, slash))) return wrong("it names no registry");
  reference.host = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  if (const std::size_t colon = rest.find(':'); colon != rest.npos) {
    reference.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!is_tag(reference.tag)) return wrong("what stands behind the colon is no tag");
  }
  if (!is_repository(rest)) return wrong("its name is not as registries have names");
  reference.repository = rest;
  if (reference.name().empty()) reference.tag = "latest";
  return reference;
}

bool is_loopback(std::string_view host) {
  const std::string_view name = host.substr(0, start_of_port(host));
  const bool is_address = is_all(name, [](char c) { return is_digit(c) || c == '.'; });
  return name == "localhost" || name == "[::1]" || (is_address && name.starts_with("127."));
}

}  // namespace initscan
