#include "initscan/registry/credentials.h"

#include "common/crypto/base64.h"
#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/text/ascii.h"

#include <algorithm>

namespace initscan {
namespace {

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

// Docker writes URLs for some registries: "https://host/v1/". Those of plain http are for nobody.
std::string_view place_of(std::string_view key) {
  constexpr std::string_view kScheme = "https://";
  if (!key.starts_with(kScheme)) return key;
  key.remove_prefix(kScheme.size());
  for (const std::string_view end : {"/", "/v1", "/v2"}) {
    if (key.ends_with(end)) key.remove_suffix(end.size());
  }
  return key;
}

bool covers(std::string_view place, std::string_view wanted) {
  return wanted == place || (wanted.starts_with(place) && wanted[place.size()] == '/');
}

Result<std::optional<RegistryCredentials>> read_entry(const simdjson::dom::element& entry) {
  if (!text_in(entry, "identitytoken").empty()) {
    return Error{Errc::unsupported, "an identity token for this registry; want a user with a password, as `auth`"};
  }
  const std::string_view packed = text_in(entry, "auth");
  if (packed.empty()) return std::optional<RegistryCredentials>();
  const auto unpacked = base64_decode(packed);
  const std::size_t colon = unpacked ? unpacked->find(':') : std::string::npos;
  if (colon == std::string::npos || colon == 0 || holds_control(*unpacked)) {
    return Error{Errc::malformed, "auth for this registry: want USER:PASSWORD in base64"};
  }
  return std::optional(RegistryCredentials{unpacked->substr(0, colon), unpacked->substr(colon + 1)});
}

bool is_with_a_program(const simdjson::dom::element& root, std::string_view host) {
  simdjson::dom::object helpers;
  if (root["credHelpers"].get(helpers) == simdjson::SUCCESS) {
    for (const auto& field : helpers) {
      if (place_of(field.key) == host) return true;
    }
  }
  return !text_in(root, "credsStore").empty();
}

}  // namespace

Result<std::optional<RegistryCredentials>> credentials_in(std::string_view json, std::string_view host,
                                                          std::string_view repository) {
  simdjson::dom::parser parser;
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  simdjson::dom::object object;
  if (root->get(object) != simdjson::SUCCESS) return Error{Errc::malformed, "want an object with `auths`"};
  const std::string wanted = std::string(host) + '/' + std::string(repository);
  std::string_view longest;
  std::optional<RegistryCredentials> found;
  simdjson::dom::object auths;
  const auto has_auths = object["auths"].get(auths);
  if (has_auths != simdjson::SUCCESS && has_auths != simdjson::NO_SUCH_FIELD) {
    return Error{Errc::malformed, "auths: want an object"};
  }
  if (has_auths == simdjson::SUCCESS) {
    for (const auto& field : auths) {
      const std::string_view place = place_of(field.key);
      if (place.empty() || !covers(place, wanted) || place.size() < longest.size()) continue;
      auto entry = read_entry(field.value);
      if (!entry) return entry.error();
      if (!*entry) continue;
      longest = place;
      found = std::move(*entry);
    }
  }
  if (!found && is_with_a_program(*root, host)) {
    return Error{Errc::unsupported,
                 "a program keeps the credentials for this registry (credsStore, credHelpers), and "
                 "none is started; want a file with an `auth` for it"};
  }
  return found;
}

Result<std::string> token_in(std::string_view json) {
  simdjson::dom::parser parser;
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  std::string_view token = text_in(*root, "token");
  if (token.empty()) token = text_in(*root, "access_token");
  const bool is_one =
      !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_one) return Error{Errc::malformed, "there is no token in what it answers"};
  return std::string(token);
}

}  // namespace initscan
