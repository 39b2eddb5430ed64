#include "injector/inject/own_containers.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/gate/server_arguments.h"
#include "common/names.h"
#include "injector/inject/allotment.h"
#include "injector/pod/pull_policy.h"
#include "injector/pod/quantity.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr int kReadableByAll = 0644;
constexpr int kUser = 65532;                           // distroless' "nonroot"
constexpr const char* kContainerType = "container_t";  // SELinux' own for containers

std::string option(const char* name, const std::string& value) {
  return std::string("--") + name + '=' + value;
}

// Of our own images: what the API server asks for, or what their reference does.
std::string own_pull_policy(const InjectorConfig& config, const std::string& reference) {
  return config.always_pull ? kPullAlways : default_pull_policy(reference);
}

// What Pod Security's "restricted" asks for, and a user of its own: an image may name one that it does not have.
Json security_context() {
  return {{"allowPrivilegeEscalation", false},
          {"capabilities", {{"drop", {"ALL"}}}},
          {"privileged", false},
          {"readOnlyRootFilesystem", true},
          {"runAsGroup", kUser},
          {"runAsNonRoot", true},
          {"runAsUser", kUser},
          {"seccompProfile", {{"type", "RuntimeDefault"}}}};
}

// Nothing for a pod that asks for nothing: a single amount would take its QoS class from it.
std::optional<Json> resources_of(const Pod& pod) {
  const std::optional<Allotment> allotted = allotment_of(pod);
  if (!allotted) return std::nullopt;
  const Allotment& own = *allotted;
  return Json{{"limits", {{"cpu", format_cpu(own.cpu_limit)}, {"memory", format_bytes(own.memory_limit)}}},
              {"requests", {{"cpu", format_cpu(own.cpu_request)}, {"memory", format_bytes(own.memory_request)}}}};
}

Json mount(const std::string& volume, const std::string& path, bool read_only) {
  Json json{{"name", volume}, {"mountPath", path}};
  if (read_only) json["readOnly"] = true;
  return json;
}

Json container(const std::string& name, const std::string& image, const std::string& pull_policy,
               const std::optional<Json>& resources) {
  Json json{{"name", name},
            {"image", image},
            {"imagePullPolicy", pull_policy},
            {"workingDir", "/"},
            {"securityContext", security_context()},
            {"terminationMessagePath", names::kTerminationLog},
            {"terminationMessagePolicy", "File"},  // a log contains names from the image that is judged
            {"volumeMounts", Json::array()}};
  if (resources) json["resources"] = *resources;
  return json;
}

Json empty_dir(const std::string& name, const char* size_limit) {
  return {{"name", name}, {"emptyDir", {{"sizeLimit", size_limit}}}};
}

Json image_volume(const std::string& name, const std::string& reference, const std::string& pull_policy) {
  return {{"name", name}, {"image", {{"reference", reference}, {"pullPolicy", pull_policy}}}};
}

// Bound to the pod, for servers of initscan alone, and in no container but the gate. The API server fills in what is
// not said of it.
Json server_token() {
  const Json token{{"audience", names::kAudience}, {"expirationSeconds", kServerTokenSeconds}, {"path", "token"}};
  return {{"name", names::kServerTokenVolume},
          {"projected", {{"defaultMode", kReadableByAll}, {"sources", {{{"serviceAccountToken", token}}}}}}};
}

std::string numbered(std::string_view name, std::size_t number) {
  return std::string(name) + std::to_string(number);
}

// Whether a collector runs in the image, or the gate reads it by a mount. The kubelet pulls the image of a volume
// again before each container that it starts: a tag that can move would move with it, after the scan. And runtimes
// before containerd 2.1.7 and 2.2.2 start no container that mounts an image in a pod with users of its own.
bool is_collected(const Pod& pod, const ScannedImage& image, const InjectorConfig& config) {
  return config.mode == Mode::copy || pod.has_own_users || is_pulled_anew(image.reference, image.pull_policy);
}

// The container that decides: the same in both modes but for where the images are.
Json gate(const Pod& pod, const std::vector<ScannedImage>& images, const InjectorConfig& config,
          const std::optional<Json>& resources, OwnParts& parts) {
  Json gate = container(names::kGate, config.image, own_pull_policy(config, config.image), resources);
  Json args{"gate"};
  bool has_sboms = false;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::string number = std::to_string(i);
    if (is_collected(pod, images[i], config)) {
      const std::string folder = names::kSbomMounts + number;
      has_sboms = true;
      args.push_back(option("sbom", number + '=' + folder + names::kSbomFile));
      gate["volumeMounts"].push_back(mount(numbered(names::kSbomVolume, i), folder, true));
    } else {
      const std::string folder = names::kImageMounts + number;
      args.push_back(option("rootfs", number + '=' + folder));
      gate["volumeMounts"].push_back(mount(numbered(names::kImageVolume, i), folder, true));
    }
    args.push_back(option("image", number + '=' + images[i].reference));
  }
  if (has_sboms) {
    args.push_back(option("seal", names::kGateNonce));
    gate["volumeMounts"].push_back(mount(names::kSealVolume, names::kSealMount, true));
  }
  if (!config.index_image.empty()) {
    args.push_back(option("db", names::kIndexFile));
    gate["volumeMounts"].push_back(mount(names::kIndexVolume, names::kIndexMount, true));
    parts.volumes.push_back(
        image_volume(names::kIndexVolume, config.index_image, own_pull_policy(config, config.index_image)));
  }
  if (!config.servers.empty()) {
    for (const std::string& argument : config.servers) args.push_back(argument);
    gate["volumeMounts"].push_back(mount(names::kServerTokenVolume, names::kServerTokenMount, true));
    parts.volumes.push_back(server_token());
  }
  args.push_back(option("policy-inline", base64_encode(config.policy_json)));
  args.push_back(option("policy-sha256", sha256_hex(config.policy_json)));
  args.push_back(option("termination-log", names::kTerminationLog));
  gate["args"] = std::move(args);
  return gate;
}

// It writes the binary, and a secret for each start of the pod. The collectors find that next to their binary, in a
// folder that an image's own VOLUME could cover; the gate finds it in one that only these two of our containers mount.
// So whoever only writes into an SBOM's volume has no seal for it. docs/security/threat-model.md says which images
// still get one.
void add_install(const InjectorConfig& config, const std::optional<Json>& resources, OwnParts& parts) {
  Json install = container(names::kInstall, config.image, own_pull_policy(config, config.image), resources);
  install["args"] = {"install", option("to", names::kBinMount), option("seal", names::kSealMount)};
  install["volumeMounts"].push_back(mount(names::kBinVolume, names::kBinMount, false));
  install["volumeMounts"].push_back(mount(names::kSealVolume, names::kSealMount, false));
  parts.containers.push_back(std::move(install));
  parts.volumes.push_back(empty_dir(names::kBinVolume, "16Mi"));
  parts.volumes.push_back(empty_dir(names::kSealVolume, "1Mi"));
  parts.volumes.push_back(empty_dir(names::kNoTokenVolume, "1Mi"));
}

// A folder for each image: what runs in one of them cannot touch the SBOM of another.
void add_collector(std::size_t number, const ScannedImage& image, const std::optional<Json>& resources,
                   OwnParts& parts) {
  const std::string folder = names::kSbomMounts + std::to_string(number);
  Json collect = container(numbered(names::kCollect, number), image.reference, image.pull_policy, resources);
  collect["command"] = {names::kCollectorFile};
  collect["args"] = {"--root=/", option("output", folder + names::kSbomFile), option("seal", names::kCollectorNonce)};
  collect["volumeMounts"].push_back(mount(names::kBinVolume, names::kBinMount, true));
  collect["volumeMounts"].push_back(mount(numbered(names::kSbomVolume, number), folder, false));
  parts.containers.push_back(std::move(collect));
  parts.volumes.push_back(empty_dir(numbered(names::kSbomVolume, number), "64Mi"));
}

// A pod's profile applies to all its containers that name none, and one that was made for the application can keep a
// scanner from reading: then ours name those of every container. If the pod gets such a profile only now, from the
// policy's hardening, it will have it when it is examined again.
void name_profiles(Json& context, const Pod& pod, const Hardening& hardening) {
  if (pod.security.has_node_profile || !hardening.app_armor_profile.empty()) {
    context["appArmorProfile"] = {{"type", "RuntimeDefault"}};
  }
  const bool is_said = pod.security.se_linux;
  const std::string& type = is_said ? pod.security.se_linux_type : hardening.se_linux.type;
  if (type.empty() || type == kContainerType) return;
  const std::string& level = is_said ? pod.security.se_linux_level : hardening.se_linux.level;
  context["seLinuxOptions"] = {{"type", kContainerType}};
  if (!level.empty()) context["seLinuxOptions"]["level"] = level;  // that of the pod's volumes
}

}  // namespace

std::vector<ScannedImage> images_of(const Pod& pod, const InjectorConfig& config) {
  std::vector<ScannedImage> images;
  const auto add = [&](const std::string& name, const std::string& reference) {
    const bool known = std::any_of(images.begin(), images.end(),
                                   [&](const ScannedImage& image) { return image.reference == reference; });
    if (known || images.size() > kMaxImages || reference.empty() || name.starts_with(names::kReserved)) return;
    images.push_back({reference, config.always_pull ? kPullAlways : wished_pull_policy(pod, reference)});
  };
  for (const Container& c : pod.init_containers) add(c.name, c.image);
  for (const Container& c : pod.containers) add("", c.image);
  for (const Volume& v : pod.volumes) add(v.name, v.image);
  return images;
}

std::string need_of_collectors(const Pod& pod, const std::vector<ScannedImage>& images, const InjectorConfig& config) {
  const std::string but = "images are only mounted here, and none runs a collector (volumesOnly), but ";
  if (config.mode == Mode::copy) {
    return but + "mode copy is requested: remove the annotation " + names::kMode + " from its namespace";
  }
  if (pod.has_own_users) return but + "it has users of its own: leave hostUsers: false out";
  for (const ScannedImage& image : images) {
    if (!is_pulled_anew(image.reference, image.pull_policy)) continue;
    return but + '"' + image.reference + "\" is a tag that is pulled again at each start: name it by digest" +
           (config.always_pull ? "" : ", or with imagePullPolicy: IfNotPresent");
  }
  return {};
}

OwnParts own_parts(const Pod& pod, const std::vector<ScannedImage>& images, const InjectorConfig& config) {
  OwnParts parts;
  const std::optional<Json> resources = resources_of(pod);
  const auto collected = [&](const ScannedImage& image) { return is_collected(pod, image, config); };
  const bool has_collectors = std::any_of(images.begin(), images.end(), collected);
  if (has_collectors) add_install(config, resources, parts);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (collected(images[i])) {
      add_collector(i, images[i], resources, parts);
    } else {
      parts.volumes.push_back(
          image_volume(numbered(names::kImageVolume, i), images[i].reference, images[i].pull_policy));
    }
  }
  parts.containers.push_back(gate(pod, images, config, resources, parts));
  for (Json& container : parts.containers) {
    // What an image brings to run in the collector's place runs before there is a verdict: not with the pod's token.
    // If a container has a mount already, the API server adds none; and this one is empty, and nothing writes to it.
    if (has_collectors) container["volumeMounts"].push_back(mount(names::kNoTokenVolume, names::kTokenMount, true));
    name_profiles(container["securityContext"], pod, config.hardening);
  }
  if (config.assigned_user) {
    for (Json& container : parts.containers) {
      for (const char* const who : {"runAsUser", "runAsGroup"}) container["securityContext"].erase(who);
    }
  }
  return parts;
}

}  // namespace initscan::injector
