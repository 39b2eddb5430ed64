#include "common/gate/own_gate.h"

#include "common/crypto/sha256.h"
#include "common/gate/gate_arguments.h"
#include "common/gate/own_container.h"
#include "common/gate/server_arguments.h"
#include "common/names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace initscan {
namespace {

using Own = std::span<const ContainerShape>;  // initscan's containers: the gate is the last of them

const VolumeShape* find_volume(const PodShape& pod, std::string_view name) {
  const auto found =
      std::find_if(pod.volumes.begin(), pod.volumes.end(), [name](const VolumeShape& one) { return one.name == name; });
  return found == pod.volumes.end() ? nullptr : &*found;
}

const ContainerShape* find_collector(Own own, const std::string& number) {
  const auto found = std::find_if(
      own.begin(), own.end(), [&](const ContainerShape& one) { return is_collector(one) && number_of(one) == number; });
  return found == own.end() ? nullptr : &*found;
}

// An image of the gate's arguments, if what stands behind it is what they say.
std::optional<GatedImage> gated_image(const PodShape& pod, Own own, const GateArguments& args,
                                      const std::string& number, const std::string& reference) {
  const ContainerShape& gate = own.back();
  const auto sbom = args.sboms.find(number);
  const auto folder = args.folders.find(number);
  if ((sbom == args.sboms.end()) == (folder == args.folders.end())) return std::nullopt;
  if (sbom != args.sboms.end()) {
    const ContainerShape* const collector = find_collector(own, number);
    const bool is_read = collector != nullptr && collector->image == reference &&
                         sbom->second == sbom_file_of(number) &&
                         has_mount_of(gate, std::string(names::kSbomVolume) + number);
    return is_read ? std::optional(GatedImage{number, reference, true}) : std::nullopt;
  }
  const std::string volume = std::string(names::kImageVolume) + number;
  const VolumeShape* const mounted = find_volume(pod, volume);
  const bool is_mounted = mounted != nullptr && mounted->image == reference &&
                          folder->second == names::kImageMounts + number && has_mount_of(gate, volume);
  return is_mounted ? std::optional(GatedImage{number, reference, false}) : std::nullopt;
}

// A gate of before there were seals knows none, nor do the containers before it; where one of them does, all do.
bool is_sealed_as_a_whole(Own own, const GateArguments& args) {
  const bool is_sealed = args.others.contains("--seal");
  return std::all_of(own.begin(), std::prev(own.end()), [is_sealed](const ContainerShape& container) {
    return std::any_of(container.args.begin(), container.args.end(),
                       [](const std::string& word) { return word.starts_with("--seal="); }) == is_sealed;
  });
}

bool is_accepted_policy(const AcceptedGates& accepted, const std::string& space, std::string_view hash) {
  if (accepted.policies.contains(space + '.' + std::string(hash))) return true;
  return accepted.policies.contains(hash) && !accepted.own_policies.contains(space);
}

// What of the gate is the injector's and not what it is to decide by.
std::string unaccepted_part(const PodShape& pod, const ContainerShape& gate, const GateArguments& args,
                            const AcceptedGates& accepted) {
  if (!is_accepted_policy(accepted, pod.namespace_, args.option("--policy-sha256")))
    return "its policy is not accepted";
  const VolumeShape* const index = find_volume(pod, names::kIndexVolume);
  if (index != nullptr && !accepted.index_images.contains(index->image))
    return "the image of its index is not accepted";
  // Who matches could say of anything that nothing is wrong with it. One without a server asks its own index.
  const std::string servers = word_of_servers(server_arguments_in(gate.args));
  return servers == kNoServers || accepted.servers.contains(sha256_hex(servers)) ? "" : "its servers are not accepted";
}

// Where there is a server there are a token and whom to trust, and without one neither.
std::string server_problem(const PodShape& pod, const ContainerShape& gate, const GateArguments& args) {
  const bool has_server = args.others.contains("--report-to") || args.others.contains("--server");
  const bool is_whole = args.others.contains("--server-token") == has_server &&
                        args.others.contains("--server-ca-inline") == has_server &&
                        has_mount_of(gate, names::kServerTokenVolume) == has_server &&
                        (find_volume(pod, names::kServerTokenVolume) != nullptr) == has_server;
  return is_whole ? "" : "what it tells servers is not the injector's";
}

// What the gate scans, or what of its arguments is not the injector's.
std::string gate_problem(const PodShape& pod, Own own, const AcceptedGates* accepted, std::vector<GatedImage>& images) {
  const ContainerShape& gate = own.back();
  const auto args = read_gate_arguments(gate.args);
  if (!args || !has_only_own_options(*args) || args->images.empty() ||
      args->images.size() != args->sboms.size() + args->folders.size() || args->option("--termination-log").empty()) {
    return of_container(gate, "args are not the injector's");
  }
  if (!has_its_policy(*args)) return of_container(gate, "its policy does not match its hash");
  if (args->others.contains("--db") != (find_volume(pod, names::kIndexVolume) != nullptr)) {
    return of_container(gate, "its index is not the injector's");
  }
  if (const std::string part = server_problem(pod, gate, *args); !part.empty()) return of_container(gate, part);
  if (accepted != nullptr) {
    if (const std::string part = unaccepted_part(pod, gate, *args, *accepted); !part.empty()) {
      return of_container(gate, part);
    }
  }
  for (const auto& [number, reference] : args->images) {
    auto image = gated_image(pod, own, *args, number, reference);
    if (!image) return of_container(gate, "what it scans as image " + number + " is not what it is told");
    images.push_back(std::move(*image));
  }
  if (!is_sealed_as_a_whole(own, *args)) return of_container(gate, "it does not ask for the seals of its SBOMs");
  const auto collectors = std::count_if(own.begin(), own.end(), is_collector);
  return static_cast<std::size_t>(collectors) == args->sboms.size() ? ""
                                                                    : of_container(gate, "it does not read each SBOM");
}

// Beside a collector none of ours has the token, since injectors mount an empty volume in its place; earlier ones did
// not.
std::string token_problem(const PodShape& pod, Own own) {
  if (find_volume(pod, names::kNoTokenVolume) == nullptr) return {};
  for (const ContainerShape& container : own) {
    if (!has_mount_of(container, names::kNoTokenVolume)) {
      return of_container(container, "it has the service account's token");
    }
  }
  return {};
}

// The token for a server, and nothing beside it.
bool is_server_token(const VolumeShape& volume) {
  const std::string source = "projected/sources/0/serviceAccountToken/";
  const std::string seconds = std::to_string(kServerTokenSeconds);
  const std::array<Setting, 4> own{{{"projected/defaultMode", "420"},
                                    {source + "audience", names::kAudience, true},
                                    {source + "expirationSeconds", seconds},
                                    {source + "path", "token", true}}};
  return volume.settings.size() == own.size() && std::all_of(own.begin(), own.end(), [&](const Setting& one) {
           return std::find(volume.settings.begin(), volume.settings.end(), one) != volume.settings.end();
         });
}

bool is_own_volume(const VolumeShape& volume) {
  if (volume.sources.size() != 1) return false;
  const std::string& source = volume.sources.front();
  if (volume.name == names::kServerTokenVolume) return is_server_token(volume);
  if (volume.name.starts_with(names::kImageVolume) || volume.name == names::kIndexVolume) return source == "image";
  if (source != "emptyDir") return false;
  if (volume.name.starts_with(names::kWritableVolume)) return true;
  return !volume.has_medium && (volume.name == names::kBinVolume || volume.name == names::kSealVolume ||
                                volume.name == names::kNoTokenVolume || volume.name.starts_with(names::kSbomVolume));
}

// What is ours is in nobody else's hands.
std::string others_problem(const PodShape& pod) {
  for (const VolumeShape& volume : pod.volumes) {
    if (is_reserved(volume.name) && !is_own_volume(volume)) {
      return "volume " + volume.name + " is not the injector's";
    }
  }
  for (const ContainerShape& container : pod.containers) {
    if (is_reserved(container.name)) continue;
    for (const MountShape& mount : container.mounts) {
      if (is_reserved(mount.volume) && !mount.volume.starts_with(names::kWritableVolume)) {
        return of_container(container, "it mounts " + mount.volume + ", which is initscan's alone");
      }
    }
  }
  return {};
}

bool is_init_that_ends(const ContainerShape& container) {
  return container.is_init &&
         std::none_of(container.settings.begin(), container.settings.end(),
                      [](const Setting& one) { return one.path == "restartPolicy" && one.value == "Always"; });
}

// Install and collectors, where there are any, then the gate.
bool are_in_order(Own own) {
  if (own.back().name != names::kGate) return false;
  if (own.size() == 1) return true;
  return own.front().name == names::kInstall && std::all_of(std::next(own.begin()), std::prev(own.end()), is_collector);
}

// Ours, which are `count` wherever they are, at their place.
std::string order_problem(const PodShape& pod, std::size_t count) {
  for (const ContainerShape& container : pod.containers) {
    if (is_reserved(container.name) && !is_init_that_ends(container)) {
      return of_container(container, "it is not an init container that ends");
    }
  }
  const Own own(pod.containers.data(), count);
  if (!std::all_of(own.begin(), own.end(), [](const ContainerShape& one) { return is_reserved(one.name); })) {
    return "initscan's containers are not the first ones";
  }
  return count <= kMaxOwnContainers && are_in_order(own)
             ? ""
             : "initscan's containers are not those of the injector, which end with its gate";
}

std::string image_problem(const ContainerShape& container, const AcceptedGates& accepted) {
  const bool is_own = is_collector(container) || accepted.images.contains(container.image);
  return is_own ? "" : of_container(container, "its image is not initscan's");
}

}  // namespace

bool is_reserved(std::string_view name) {
  return name.starts_with(names::kReserved);
}

GateJudgement judge_gate(const PodShape& pod, const AcceptedGates* accepted) {
  GateJudgement judgement;
  const auto count = static_cast<std::size_t>(
      std::count_if(pod.containers.begin(), pod.containers.end(),
                    [](const ContainerShape& container) { return is_reserved(container.name); }));
  if (count == 0) return judgement;
  std::string& problem = judgement.problem;
  problem = order_problem(pod, count);
  const Own own(pod.containers.data(), count);
  for (std::size_t i = 0; problem.empty() && i < own.size(); ++i) {
    problem = container_problem(own[i]);
    if (problem.empty() && accepted != nullptr) problem = image_problem(own[i], *accepted);
  }
  if (problem.empty()) problem = gate_problem(pod, own, accepted, judgement.images);
  if (problem.empty()) problem = token_problem(pod, own);
  if (problem.empty()) problem = others_problem(pod);
  if (!problem.empty()) judgement.images.clear();
  return judgement;
}

}  // namespace initscan
