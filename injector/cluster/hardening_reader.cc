#include "injector/cluster/hardening_reader.h"

#include "common/config/strict_mapping.h"

namespace initscan::injector {
namespace {

constexpr std::size_t kMaxPath = 512;

// Whether all that a mapping says is {type: RuntimeDefault}.
bool is_runtime_default(const ConfigNode& value) {
  return value.entries.size() == 1 && text_in(value, "type") == "RuntimeDefault";
}

Result<void> read_seccomp(const ConfigNode& value, Hardening& hardening) {
  if (!is_runtime_default(value)) return at_place(value.place, "seccompProfile: want {type: RuntimeDefault}");
  hardening.seccomp = true;
  return {};
}

Result<void> read_app_armor(const ConfigNode& value, Hardening& hardening) {
  const std::string profile = text_in(value, "localhostProfile");
  const bool is_local = value.entries.size() == 2 && text_in(value, "type") == "Localhost" && !profile.empty();
  if (!is_local && !is_runtime_default(value)) {
    return at_place(value.place,
                    "appArmorProfile: want {type: RuntimeDefault}, or {type: Localhost, localhostProfile: NAME}");
  }
  hardening.app_armor = true;
  hardening.app_armor_profile = profile;
  return {};
}

Result<void> read_se_linux(const ConfigNode& value, Hardening& hardening) {
  constexpr const char* kWant = "seLinuxOptions: want text for user, role, type or level";
  StrictMapping fields(value, "seLinuxOptions", {"user", "role", "type", "level"});
  if (fields.error()) return *fields.error();
  if (value.entries.empty()) return at_place(value.place, kWant);
  for (const ConfigEntry& entry : value.entries) {
    if (entry.value.kind != ConfigKind::text) return at_place(entry.value.place, kWant);
  }
  hardening.se_linux = {text_in(value, "user"), text_in(value, "role"), text_in(value, "type"),
                        text_in(value, "level")};
  return {};
}

// As a pod may mount it, and without what would make two names of one place.
bool is_path(const ConfigNode& value) {
  if (value.kind != ConfigKind::text) return false;
  const std::string path = value.words + '/';
  return path.size() > 2 && path.size() <= kMaxPath && path.front() == '/' && path.find(':') == path.npos &&
         path.find("//") == path.npos && path.find("/./") == path.npos && path.find("/../") == path.npos;
}

Result<void> read_paths(const ConfigNode& list, std::vector<std::string>& paths) {
  for (const ConfigNode& item : list.items) {
    if (!is_path(item)) {
      return at_place(item.place,
                      "writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end");
    }
    for (const std::string& other : paths) {
      const std::string here = item.words + '/';
      if (here.starts_with(other + '/') || (other + '/').starts_with(here)) {
        return at_place(item.place, "writablePaths: " + other + " and " + item.words + " lie one inside the other");
      }
    }
    paths.push_back(item.words);
  }
  return {};
}

// A key that can only say one thing, which is what is asked for.
bool read_only_value(StrictMapping& fields, const std::string& key, bool wanted) {
  bool value = wanted;
  fields.boolean(key, value);
  if (value != wanted) fields.fail_at(key, key + ": want " + (wanted ? "true" : "false") + ", or nothing");
  return fields.at_key(key) != nullptr;
}

}  // namespace

Result<Hardening> read_hardening(const ConfigNode& section) {
  Hardening hardening;
  if (section.kind == ConfigKind::null) return hardening;
  StrictMapping fields(section, "hardening",
                       {"seccompProfile", "appArmorProfile", "seLinuxOptions", "allowPrivilegeEscalation",
                        "readOnlyRootFilesystem", "writablePaths"});
  hardening.no_privilege_escalation = read_only_value(fields, "allowPrivilegeEscalation", false);
  hardening.read_only_root = read_only_value(fields, "readOnlyRootFilesystem", true);
  const ConfigNode* const paths = fields.list("writablePaths", kMaxWritablePaths);
  if (fields.error()) return *fields.error();

  Result<void> read;
  if (const ConfigNode* const profile = fields.at_key("seccompProfile")) read = read_seccomp(*profile, hardening);
  if (!read) return read.error();
  if (const ConfigNode* const profile = fields.at_key("appArmorProfile")) read = read_app_armor(*profile, hardening);
  if (!read) return read.error();
  if (const ConfigNode* const options = fields.at_key("seLinuxOptions")) read = read_se_linux(*options, hardening);
  if (!read) return read.error();
  if (paths == nullptr) return hardening;
  read = read_paths(*paths, hardening.writable_paths);
  if (!read) return read.error();
  if (!hardening.writable_paths.empty() && !hardening.read_only_root) {
    return at_place(paths->place, "writablePaths without readOnlyRootFilesystem: true does nothing");
  }
  return hardening;
}

}  // namespace initscan::injector
