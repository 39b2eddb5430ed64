#include "injector/cluster/hardening_reader.h"

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxPath = 512;
constexpr const char* kKnown =
    "known are seccompProfile, appArmorProfile, seLinuxOptions, allowPrivilegeEscalation, readOnlyRootFilesystem, "
    "writablePaths";

Error malformed(const std::string& text) {
  return {Errc::malformed, "hardening: " + text};
}

Result<void> read_seccomp(const Json& value, Hardening& hardening) {
  if (value != Json{{"type", "RuntimeDefault"}}) return malformed("seccompProfile: want {type: RuntimeDefault}");
  hardening.seccomp = true;
  return {};
}

Result<void> read_app_armor(const Json& value, Hardening& hardening) {
  const Error error =
      malformed("appArmorProfile: want {type: RuntimeDefault}, or {type: Localhost, localhostProfile: NAME}");
  if (!value.is_object()) return error;
  const Json profile = value.value("localhostProfile", Json());
  const bool is_local = value.value("type", Json()) == Json("Localhost") && value.size() == 2 && profile.is_string() &&
                        !profile.get_ref<const std::string&>().empty();
  if (!is_local && value != Json{{"type", "RuntimeDefault"}}) return error;
  hardening.app_armor = true;
  hardening.app_armor_profile = is_local ? profile.get<std::string>() : std::string();
  return {};
}

Result<void> read_se_linux(const Json& value, Hardening& hardening) {
  const Error error = malformed("seLinuxOptions: want text for user, role, type or level");
  if (!value.is_object() || value.empty()) return error;
  for (const auto& [key, word] : value.items()) {
    if (!word.is_string()) return error;
    if (key == "user") {
      hardening.se_linux.user = word;
    } else if (key == "role") {
      hardening.se_linux.role = word;
    } else if (key == "type") {
      hardening.se_linux.type = word;
    } else if (key == "level") {
      hardening.se_linux.level = word;
    } else {
      return error;
    }
  }
  return {};
}

// As a pod may mount it, and without what would make two names of one place.
bool is_path(const Json& value) {
  if (!value.is_string()) return false;
  const std::string path = value.get<std::string>() + '/';
  return path.size() > 2 && path.size() <= kMaxPath && path.front() == '/' && path.find(':') == path.npos &&
         path.find("//") == path.npos && path.find("/./") == path.npos && path.find("/../") == path.npos;
}

Result<void> read_paths(const Json& value, Hardening& hardening) {
  if (!value.is_array()) return malformed("writablePaths: want a list");
  if (value.size() > kMaxWritablePaths) {
    return Error{Errc::over_limit, "hardening: writablePaths: more than " + std::to_string(kMaxWritablePaths)};
  }
  for (const Json& path : value) {
    if (!is_path(path))
      return malformed("writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end");
    for (const std::string& other : hardening.writable_paths) {
      const std::string here = path.get<std::string>() + '/';
      if (here.starts_with(other + '/') || (other + '/').starts_with(here)) {
        return malformed("writablePaths: " + other + " and " + path.get<std::string>() + " lie one inside the other");
      }
    }
    hardening.writable_paths.push_back(path.get<std::string>());
  }
  return {};
}

}  // namespace

Result<Hardening> read_hardening(const Json& section) {
  Hardening hardening;
  if (section.is_null()) return hardening;
  if (!section.is_object()) return malformed("want a mapping");
  for (const auto& [key, value] : section.items()) {
    Result<void> read = Result<void>{};
    if (key == "seccompProfile") {
      read = read_seccomp(value, hardening);
    } else if (key == "appArmorProfile") {
      read = read_app_armor(value, hardening);
    } else if (key == "seLinuxOptions") {
      read = read_se_linux(value, hardening);
    } else if (key == "writablePaths") {
      read = read_paths(value, hardening);
    } else if (key == "allowPrivilegeEscalation") {
      if (value != Json(false)) return malformed("allowPrivilegeEscalation: want false, or nothing");
      hardening.no_privilege_escalation = true;
    } else if (key == "readOnlyRootFilesystem") {
      if (value != Json(true)) return malformed("readOnlyRootFilesystem: want true, or nothing");
      hardening.read_only_root = true;
    } else {
      return malformed("unknown key \"" + key + "\"; " + kKnown);
    }
    if (!read) return read.error();
  }
  if (!hardening.writable_paths.empty() && !hardening.read_only_root) {
    return malformed("writablePaths without readOnlyRootFilesystem: true does nothing");
  }
  return hardening;
}

}  // namespace initscan::injector
