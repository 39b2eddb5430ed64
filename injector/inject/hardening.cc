#include "injector/inject/hardening.h"

#include "common/crypto/sha256.h"
#include "common/names.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHashDigits = 16;

// One container among its kind, and the fields that its securityContext gets.
struct Target {
  const Container& container;
  std::string path;
  Json fields = Json::object();
};

std::vector<Target> targets_of(const Pod& pod) {
  std::vector<Target> targets;
  const auto add = [&](const std::vector<Container>& list, const char* path) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].name.starts_with(names::kReserved) || list[i].security.is_privileged) continue;
      targets.push_back({list[i], path + std::to_string(i)});
    }
  };
  add(pod.init_containers, "/spec/initContainers/");
  add(pod.containers, "/spec/containers/");
  return targets;
}

void put_fields(PatchOperations& patch, const std::string& path, bool exists, Json fields) {
  if (fields.empty()) return;
  if (!exists) return patch.push_back(addition(path, std::move(fields)));
  for (auto& [key, value] : fields.items()) patch.push_back(addition(path + '/' + key, value));
}

Json se_linux_options(const Hardening::SeLinux& from) {
  Json options = Json::object();
  const std::pair<const char*, const std::string&> fields[] = {
      {"level", from.level}, {"role", from.role}, {"type", from.type}, {"user", from.user}};
  for (const auto& [key, value] : fields) {
    if (!value.empty()) options[key] = value;
  }
  return options;
}

// The defaults that a pod can say for all of its containers at once.
class SharedDefaults {
 public:
  SharedDefaults(const Pod& pod, std::vector<Target>& targets) : pod_(pod), targets_(targets) {
    const auto is_privileged = [](const Container& c) { return c.security.is_privileged; };
    suits_all_ = std::none_of(pod.containers.begin(), pod.containers.end(), is_privileged) &&
                 std::none_of(pod.init_containers.begin(), pod.init_containers.end(), is_privileged);
  }

  // At the pod, if that suits each of its containers: then it also applies to ephemeral ones. `said_elsewhere`
  // names containers that set it outside their securityContext.
  void put(const char* key, const Json& value, bool SecurityContext::*is_said,
           const std::vector<std::string>& said_elsewhere = {}) {
    if (pod_.security.*is_said) return;
    if (suits_all_ && said_elsewhere.empty()) {
      fields_[key] = value;
      return;
    }
    for (Target& target : targets_) {
      const bool is_elsewhere =
          std::find(said_elsewhere.begin(), said_elsewhere.end(), target.container.name) != said_elsewhere.end();
      if (!(target.container.security.*is_said) && !is_elsewhere) target.fields[key] = value;
    }
  }

  const Json& fields() const { return fields_; }

 private:
  const Pod& pod_;
  std::vector<Target>& targets_;
  Json fields_ = Json::object();
  bool suits_all_ = true;
};

bool is_within(const std::string& path, const std::string& folder) {
  return path == folder || folder == "/" || path.starts_with(folder + '/');
}

// A name that follows only from container and path: the same whatever else is added to the pod later.
std::string volume_name(const std::string& container, const std::string& path) {
  return std::string(names::kWritableVolume) + sha256_hex(container + '\n' + path).substr(0, kHashDigits);
}

void put_writable(PatchOperations& patch, const Target& target, const std::vector<std::string>& paths,
                  std::set<std::string>& volumes) {
  Json mounts = Json::array();
  for (const std::string& path : paths) {
    const auto meets = [&](const Mount& mount) { return is_within(mount.path, path) || is_within(path, mount.path); };
    if (std::any_of(target.container.mounts.begin(), target.container.mounts.end(), meets)) continue;
    const std::string name = volume_name(target.container.name, path);
    mounts.push_back({{"name", name}, {"mountPath", path}});
    volumes.insert(name);
  }
  if (mounts.empty()) return;
  const std::string list = target.path + "/volumeMounts";
  if (!target.container.has_mounts) return patch.push_back(addition(list, std::move(mounts)));
  for (Json& mount : mounts) patch.push_back(addition(list + "/-", std::move(mount)));
}

// Those that are mounted already, since the last time or by a copied pod: without its volume a pod is invalid.
std::set<std::string> mounted_already(const Pod& pod) {
  std::set<std::string> names;
  for (const auto* const list : {&pod.init_containers, &pod.containers}) {
    for (const Container& container : *list) {
      for (const Mount& mount : container.mounts) {
        if (mount.volume.starts_with(names::kWritableVolume)) names.insert(mount.volume);
      }
    }
  }
  return names;
}

}  // namespace

std::vector<Json> harden(PatchOperations& patch, const Pod& pod, const Hardening& hardening) {
  std::set<std::string> volumes = mounted_already(pod);
  std::vector<Target> targets = targets_of(pod);
  SharedDefaults shared(pod, targets);
  if (hardening.seccomp) { shared.put("seccompProfile", {{"type", "RuntimeDefault"}}, &SecurityContext::seccomp); }
  if (hardening.app_armor) {
    const std::string& profile = hardening.app_armor_profile;
    const Json value =
        profile.empty() ? Json{{"type", "RuntimeDefault"}} : Json{{"type", "Localhost"}, {"localhostProfile", profile}};
    shared.put("appArmorProfile", value, &SecurityContext::app_armor, pod.app_armor_annotations);
  }
  if (const Json options = se_linux_options(hardening.se_linux); !options.empty()) {
    shared.put("seLinuxOptions", options, &SecurityContext::se_linux);
  }

  put_fields(patch, "/spec/securityContext", pod.security.exists, shared.fields());
  for (Target& target : targets) {
    const SecurityContext& said = target.container.security;
    if (hardening.no_privilege_escalation && !said.privilege_escalation && !said.has_sys_admin) {
      target.fields["allowPrivilegeEscalation"] = false;
    }
    if (hardening.read_only_root && !said.read_only_root) {
      target.fields["readOnlyRootFilesystem"] = true;
      put_writable(patch, target, hardening.writable_paths, volumes);
    }
    put_fields(patch, target.path + "/securityContext", said.exists, std::move(target.fields));
  }

  std::vector<Json> made;
  made.reserve(volumes.size());
  for (const std::string& name : volumes) made.push_back({{"name", name}, {"emptyDir", Json::object()}});
  return made;
}

}  // namespace initscan::injector
