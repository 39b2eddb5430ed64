#include "audit/harden/patch.h"

#include "audit/harden/hardening.h"
#include "common/names.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <yaml-cpp/yaml.h>

namespace initscan::audit {
namespace {

// Put into pods by the webhooks of meshes and injectors, and by ours: a patch that names one would add a container
// without an image to the owner's template.
constexpr std::string_view kInjected[] = {"istio-proxy",
                                          "istio-init",
                                          "istio-validation",
                                          "linkerd-proxy",
                                          "linkerd-init",
                                          "linkerd-network-validator",
                                          "daprd",
                                          "vault-agent",
                                          "vault-agent-init",
                                          "cloudsql-proxy-injected"};

bool is_injected(const Container& container) {
  return container.name.starts_with(names::kReserved) ||
         std::find(std::begin(kInjected), std::end(kInjected), container.name) != std::end(kInjected);
}

// How a patch reaches the pods of an owner.
struct Template {
  std::vector<std::string_view> path;  // from the manifest's root to the pod's spec
  std::string_view note = {};
};

Template template_of(const Owner& owner) {
  constexpr std::string_view kRecreate =
      "the patch shows what to change in the manifest: a running pod cannot be patched like that; it must be recreated";
  if (owner.kind == "Deployment" || owner.kind == "StatefulSet" || owner.kind == "DaemonSet") {
    return {{"spec", "template", "spec"}, ""};
  }
  if (owner.kind == "ReplicaSet" || owner.kind == "ReplicationController") {
    return {{"spec", "template", "spec"}, "pods that already run stay as they are until they are deleted"};
  }
  if (owner.kind == "CronJob")
    return {{"spec", "jobTemplate", "spec", "template", "spec"}, "it takes effect with the next run"};
  if (owner.kind == "Job") {
    return {{"spec", "template", "spec"},
            "a Job's template cannot be changed: delete it and create it again with the patch"};
  }
  if (owner.kind == "Pod") return {{"spec"}, kRecreate};
  return {{"spec", "template", "spec"}, "the owner's kind is not built in: put the patch where its pod template is"};
}

constexpr std::size_t kMaxVolumeName = 63;  // RFC 1123 label

// "web-var-cache-nginx", unlike any name taken.
std::string volume_name(const std::string& container, const std::string& path, std::set<std::string>& taken) {
  std::string base;
  for (const char raw : container + path) {
    const auto c = static_cast<unsigned char>(raw);
    const char kept = std::isalnum(c) && c < 0x80 ? static_cast<char>(std::tolower(c)) : '-';
    if (kept != '-' || (!base.empty() && base.back() != '-')) base += kept;
  }
  base.resize(std::min(base.size(), kMaxVolumeName - 4));
  while (!base.empty() && base.back() == '-') base.pop_back();
  if (base.empty()) base = "scratch";
  std::string name = base;
  for (int n = 2; !taken.insert(name).second; ++n) name = base + '-' + std::to_string(n);
  return name;
}

// A name out of a cluster, quoted whenever it could read as anything else.
struct Quoted {
  const std::string& text;
};

YAML::Emitter& operator<<(YAML::Emitter& out, const Quoted& quoted) {
  constexpr std::string_view kWords[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  const std::string& text = quoted.text;
  const bool is_plain = !text.empty() && is_lower(text[0]) &&
                        std::find(std::begin(kWords), std::end(kWords), text) == std::end(kWords) &&
                        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
  return is_plain ? out << text : out << YAML::DoubleQuoted << text;
}

struct NamedVolume {
  std::string name;
  EmptyDir dir;
};

struct ContainerPatch {
  const Container* container;
  Hardening hardening;
  std::vector<NamedVolume> volumes;
};

void write_security(YAML::Emitter& out, const Hardening& hardening) {
  out << YAML::Key << "securityContext" << YAML::Value << YAML::BeginMap;
  if (hardening.no_privilege_escalation) out << YAML::Key << "allowPrivilegeEscalation" << YAML::Value << false;
  if (hardening.add_capabilities) {
    out << YAML::Key << "capabilities" << YAML::Value << YAML::BeginMap;
    if (!hardening.add_capabilities->empty()) {
      out << YAML::Key << "add" << YAML::Value << YAML::Flow << *hardening.add_capabilities;
    }
    out << YAML::Key << "drop" << YAML::Value << YAML::Flow << std::vector<std::string>{"ALL"} << YAML::EndMap;
  }
  if (hardening.read_only_root) out << YAML::Key << "readOnlyRootFilesystem" << YAML::Value << true;
  if (hardening.runtime_seccomp) {
    out << YAML::Key << "seccompProfile" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "type" << YAML::Value << "RuntimeDefault" << YAML::EndMap;
  }
  out << YAML::EndMap;
}

void write_container(YAML::Emitter& out, const ContainerPatch& patch) {
  const Hardening& hardening = patch.hardening;
  out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << Quoted{patch.container->name};
  if (hardening.no_privilege_escalation || hardening.add_capabilities || hardening.read_only_root ||
      hardening.runtime_seccomp) {
    write_security(out, hardening);
  }
  if (!patch.volumes.empty()) {
    out << YAML::Key << "volumeMounts" << YAML::Value << YAML::BeginSeq;
    for (const NamedVolume& volume : patch.volumes) {
      out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << Quoted{volume.name};
      out << YAML::Key << "mountPath" << YAML::Value << YAML::DoubleQuoted << volume.dir.path << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

void write_containers(YAML::Emitter& out, const char* key, const std::vector<ContainerPatch>& patches, bool sidecars) {
  const auto belongs = [&](const ContainerPatch& patch) {
    return (patch.container->kind == ContainerKind::sidecar) == sidecars;
  };
  if (std::none_of(patches.begin(), patches.end(), belongs)) return;
  out << YAML::Key << key << YAML::Value << YAML::BeginSeq;
  for (const ContainerPatch& patch : patches) {
    if (belongs(patch)) write_container(out, patch);
  }
  out << YAML::EndSeq;
}

void write_volumes(YAML::Emitter& out, const std::vector<ContainerPatch>& patches) {
  if (std::all_of(patches.begin(), patches.end(), [](const auto& patch) { return patch.volumes.empty(); })) return;
  out << YAML::Key << "volumes" << YAML::Value << YAML::BeginSeq;
  for (const ContainerPatch& patch : patches) {
    for (const auto& [name, dir] : patch.volumes) {
      out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << Quoted{name};
      out << YAML::Key << "emptyDir" << YAML::Value << YAML::BeginMap;
      if (dir.in_memory) out << YAML::Key << "medium" << YAML::Value << "Memory";
      out << YAML::Key << "sizeLimit" << YAML::Value << std::to_string(dir.size_mib) + "Mi" << YAML::EndMap;
      out << YAML::EndMap;
    }
  }
  out << YAML::EndSeq;
}

std::string yaml_of(const Template& place, const std::vector<ContainerPatch>& patches) {
  YAML::Emitter out;
  for (const std::string_view step : place.path) out << YAML::BeginMap << YAML::Key << std::string(step) << YAML::Value;
  out << YAML::BeginMap;
  write_containers(out, "initContainers", patches, true);
  write_containers(out, "containers", patches, false);
  write_volumes(out, patches);
  out << YAML::EndMap;
  for (std::size_t step = 0; step < place.path.size(); ++step) out << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

}  // namespace

ManifestPatch make_patch(const Pod& pod, std::string_view os, const Owner& owner, const ObservedWrites* observed) {
  if (os == "windows") return {"", {"Windows has no read-only root file system: rotate instead"}};
  ManifestPatch made;
  std::set<std::string> taken;
  for (const Volume& volume : pod.volumes) taken.insert(volume.name);

  std::vector<ContainerPatch> patches;
  bool has_init = false;
  for (const Container& container : pod.containers) {
    if (container.kind == ContainerKind::ephemeral) continue;  // gone with the pod
    if (is_injected(container)) {
      if (!container.name.starts_with(names::kReserved)) {
        made.notes.push_back("container " + container.name + ": put into the pod by a webhook; change it there");
      }
      continue;
    }
    if (container.kind == ContainerKind::init) {
      has_init = true;
      continue;
    }
    std::optional<std::vector<FileChange>> seen;
    if (observed) seen = observed->of(pod.namespace_, owner, container.name, container.image);
    ContainerPatch patch{&container, harden(pod, container, seen), {}};
    for (const EmptyDir& dir : patch.hardening.volumes) {
      patch.volumes.push_back({volume_name(container.name, dir.path, taken), dir});
    }
    if (!patch.hardening.changes_anything()) continue;
    for (const std::string& note : patch.hardening.notes)
      made.notes.push_back("container " + container.name + ": " + note);
    patches.push_back(std::move(patch));
  }
  if (patches.empty()) return made;
  if (has_init) made.notes.emplace_back("init containers stay as they are: they end before the pod is ready");
  const Template place = template_of(owner);
  if (!place.note.empty()) made.notes.emplace_back(place.note);
  made.yaml = yaml_of(place, patches);
  return made;
}

}  // namespace initscan::audit
