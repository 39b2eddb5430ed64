#include "audit/collect/own_containers.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/names.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

namespace initscan::audit {
namespace {

constexpr std::int64_t kUser = 65532;

using std::string_literals::operator""s;

bool is_own(const Container& container) {
  return container.name.starts_with(names::kReserved);
}

bool is_collector(const Container& container) {
  return container.name.starts_with(names::kCollect);
}

std::string number_of(const Container& collector) {
  return collector.name.substr(names::kCollect.size());
}

std::string sbom_file(const std::string& number) {
  return names::kSbomMounts + number + names::kSbomFile;
}

// What the injector sets in a container; what the API server adds does not count.
std::string foreign_key(const Container& container) {
  constexpr std::array<std::string_view, 11> kKnown{"name",
                                                    "image",
                                                    "imagePullPolicy",
                                                    "args",
                                                    "workingDir",
                                                    "resources",
                                                    "resizePolicy",
                                                    "securityContext",
                                                    "terminationMessagePath",
                                                    "terminationMessagePolicy",
                                                    "volumeMounts"};
  for (const std::string& key : container.keys) {
    const bool is_known = std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end();
    if (!is_known && !(key == "command" && is_collector(container))) return key;
  }
  return {};
}

// Without a user if the cluster assigns one.
bool has_own_security(const SecurityContext& security) {
  return security.allow_privilege_escalation == false && security.read_only_root == true &&
         security.run_as_non_root == true && !security.privileged.value_or(false) &&
         security.run_as_user.value_or(kUser) == kUser && security.run_as_group.value_or(kUser) == kUser &&
         security.add_capabilities.empty() && security.drop_capabilities == std::vector{"ALL"s} && security.seccomp &&
         security.seccomp->type == "RuntimeDefault" && !security.apparmor && !security.selinux &&
         !security.host_process && security.proc_mount.empty();
}

// Where a volume belongs in one of our containers; "" where it does not.
std::string place_of(std::string_view volume, const Container& container) {
  const bool is_gate = container.name == names::kGate;
  const bool is_install = container.name == names::kInstall;
  if (volume == names::kBinVolume) return is_gate ? "" : names::kBinMount;
  if (volume == names::kSealVolume) return is_gate || is_install ? names::kSealMount : "";
  if (volume == names::kIndexVolume) return is_gate ? names::kIndexMount : "";
  if (volume.starts_with(names::kImageVolume)) {
    return is_gate ? names::kImageMounts + std::string(volume.substr(names::kImageVolume.size())) : "";
  }
  if (!volume.starts_with(names::kSbomVolume)) return "";
  const std::string number(volume.substr(names::kSbomVolume.size()));
  const bool is_its_collector = is_collector(container) && number_of(container) == number;
  return is_gate || is_its_collector ? names::kSbomMounts + number : "";
}

bool is_own_mount(const Mount& mount, const Container& container) {
  if (!mount.sub_path.empty()) return false;
  return mount.path == names::kTokenMount || (!mount.path.empty() && mount.path == place_of(mount.volume, container));
}

bool mounts(const Container& container, std::string_view volume) {
  return std::any_of(container.mounts.begin(), container.mounts.end(),
                     [volume](const Mount& mount) { return mount.volume == volume; });
}

bool is_own_volume(const Volume& volume) {
  if (volume.name.starts_with(names::kImageVolume) || volume.name == names::kIndexVolume) return volume.kind == "image";
  return volume.kind == "emptyDir" &&
         (volume.name == names::kBinVolume || volume.name == names::kSealVolume ||
          volume.name == names::kNoTokenVolume || volume.name.starts_with(names::kSbomVolume) ||
          volume.name.starts_with(names::kWritableVolume));
}

// Their names in order: install and collectors, where there are any, and the gate.
bool is_own_order(const std::vector<Container>& own) {
  if (own.empty() || own.back().name != names::kGate) return false;
  if (own.size() == 1) return true;
  return own.front().name == names::kInstall &&
         std::all_of(std::next(own.begin()), std::prev(own.end()), [](const Container& c) { return is_collector(c); });
}

std::string of_container(const Container& container, std::string_view what) {
  return container.name + ": " + std::string(what);
}

std::string container_problem(const Container& container) {
  if (const std::string key = foreign_key(container); !key.empty()) {
    return of_container(container, key + " is not the injector's");
  }
  if (container.working_dir != "/") return of_container(container, "workingDir is not the injector's");
  if (!has_own_security(container.security)) {
    return of_container(container, "securityContext is not the injector's");
  }
  for (const Mount& mount : container.mounts) {
    if (!is_own_mount(mount, container)) {
      return of_container(container, "volumeMounts[" + mount.path + "] is not the injector's");
    }
  }
  return {};
}

std::string install_problem(const Container& install) {
  const std::vector<std::string> before{"install", "--to="s + names::kBinMount};  // seals came later
  std::vector<std::string> now = before;
  now.push_back("--seal="s + names::kSealMount);
  if (install.args == before || install.args == now) return {};
  return of_container(install, "args are not the injector's");
}

std::string collector_problem(const Container& collector) {
  const std::string volume = std::string(names::kSbomVolume) + number_of(collector);
  std::vector<std::string> args{"--root=/", "--output=" + sbom_file(number_of(collector))};
  const bool is_sealed = collector.args.size() > args.size();
  if (is_sealed) args.push_back("--seal="s + names::kCollectorNonce);
  if (collector.command != std::vector{std::string(names::kCollectorFile)} || collector.args != args) {
    return of_container(collector, "command or args are not the injector's");
  }
  return mounts(collector, names::kBinVolume) && mounts(collector, volume)
             ? ""
             : of_container(collector, "it does not mount what the injector gives it");
}

// What the gate's arguments say, each once.
struct GateArguments {
  std::map<std::string, std::string, std::less<>> images;   // by number
  std::map<std::string, std::string, std::less<>> folders;  // the same: where --rootfs points to
  std::map<std::string, std::string, std::less<>> sboms;    // the same: where --sbom points to
  std::map<std::string, std::string, std::less<>> others;   // by option
  bool are_read = true;                                     // each is one of these, and none is given twice
};

GateArguments read_arguments(const std::vector<std::string>& args) {
  GateArguments read;
  read.are_read = !args.empty() && args.front() == "gate";
  for (std::size_t i = 1; i < args.size() && read.are_read; ++i) {
    const std::string_view argument = args[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view option = argument.substr(0, equals);
    std::string_view value = argument.substr(std::min(equals + 1, argument.size()));
    auto* numbered = option == "--image"    ? &read.images
                     : option == "--rootfs" ? &read.folders
                     : option == "--sbom"   ? &read.sboms
                                            : nullptr;
    if (numbered == nullptr) {
      read.are_read = read.others.try_emplace(std::string(option), value).second;
      continue;
    }
    const std::size_t second = value.find('=');
    read.are_read = second != value.npos &&
                    numbered->try_emplace(std::string(value.substr(0, second)), value.substr(second + 1)).second;
  }
  return read;
}

bool has_only_own_options(const GateArguments& args) {
  const std::map<std::string, std::string, std::less<>> fixed{
      {"--db", names::kIndexFile},
      {"--seal", names::kGateNonce},
      {"--termination-log", names::kTerminationLog},
  };
  return std::all_of(args.others.begin(), args.others.end(), [&](const auto& option) {
    const auto own = fixed.find(option.first);
    return own != fixed.end() ? own->second == option.second
                              : option.first == "--policy-inline" || option.first == "--policy-sha256";
  });
}

std::string_view option_of(const GateArguments& args, std::string_view option) {
  const auto found = args.others.find(option);
  return found == args.others.end() ? std::string_view() : std::string_view(found->second);
}

bool has_its_policy(const GateArguments& args) {
  const auto policy = base64_decode(option_of(args, "--policy-inline"));
  return policy && !policy->empty() && sha256_hex(*policy) == option_of(args, "--policy-sha256");
}

const Volume* find_volume(const Pod& pod, std::string_view name) {
  const auto found =
      std::find_if(pod.volumes.begin(), pod.volumes.end(), [name](const Volume& one) { return one.name == name; });
  return found == pod.volumes.end() ? nullptr : &*found;
}

const Container* find_collector(const std::vector<Container>& own, const std::string& number) {
  const auto found = std::find_if(own.begin(), own.end(),
                                  [&](const Container& one) { return is_collector(one) && number_of(one) == number; });
  return found == own.end() ? nullptr : &*found;
}

// An image from the gate's arguments, if it is the one that they refer to.
std::optional<ScannedImage> scanned_image(const Pod& pod, const std::vector<Container>& own, const GateArguments& args,
                                          const std::string& number, const std::string& reference) {
  const Container& gate = own.back();
  const auto sbom = args.sboms.find(number);
  const auto folder = args.folders.find(number);
  if ((sbom == args.sboms.end()) == (folder == args.folders.end())) return std::nullopt;
  if (sbom != args.sboms.end()) {
    const Container* const collector = find_collector(own, number);
    if (collector == nullptr || collector->image != reference || sbom->second != sbom_file(number) ||
        !mounts(gate, std::string(names::kSbomVolume) + number)) {
      return std::nullopt;
    }
    return ScannedImage{reference, collector->status.image_id};
  }
  const std::string volume = std::string(names::kImageVolume) + number;
  const Volume* const mounted = find_volume(pod, volume);
  if (mounted == nullptr || mounted->image != reference || folder->second != names::kImageMounts + number ||
      !mounts(gate, volume)) {
    return std::nullopt;
  }
  const auto bits = gate.status.volume_images.find(volume);
  return ScannedImage{reference, bits == gate.status.volume_images.end() ? std::string() : bits->second};
}

// A gate of before there were seals knows none, nor do the containers before it; where one of them does, all do.
bool is_sealed_as_a_whole(const std::vector<Container>& own, const GateArguments& args) {
  const bool is_sealed = args.others.contains("--seal");
  return std::all_of(own.begin(), std::prev(own.end()), [is_sealed](const Container& container) {
    return std::any_of(container.args.begin(), container.args.end(),
                       [](const std::string& word) { return word.starts_with("--seal="); }) == is_sealed;
  });
}

// What the gate scanned, or what of its arguments is not the injector's.
std::string gate_problem(const Pod& pod, const std::vector<Container>& own, std::vector<ScannedImage>& scanned) {
  const Container& gate = own.back();
  const GateArguments args = read_arguments(gate.args);
  if (!args.are_read || !has_only_own_options(args) || args.images.empty() ||
      args.images.size() != args.sboms.size() + args.folders.size() || option_of(args, "--termination-log").empty()) {
    return of_container(gate, "args are not the injector's");
  }
  if (!has_its_policy(args)) return of_container(gate, "its policy does not match its hash");
  if (args.others.contains("--db") != (find_volume(pod, names::kIndexVolume) != nullptr)) {
    return of_container(gate, "its index is not the injector's");
  }
  for (const auto& [number, reference] : args.images) {
    auto image = scanned_image(pod, own, args, number, reference);
    if (!image) return of_container(gate, "what it scans as image " + number + " is not what it is told");
    scanned.push_back(std::move(*image));
  }
  if (!is_sealed_as_a_whole(own, args)) return of_container(gate, "it does not ask for the seals of its SBOMs");
  const auto collectors = std::count_if(own.begin(), own.end(), is_collector);
  if (static_cast<std::size_t>(collectors) != args.sboms.size())
    return of_container(gate, "it does not read each SBOM");
  return {};
}

// Beside a collector none of ours has the token, since injectors mount an empty volume in its place; earlier ones did
// not.
std::string token_problem(const Pod& pod, const std::vector<Container>& own) {
  if (find_volume(pod, names::kNoTokenVolume) == nullptr) return {};
  for (const Container& container : own) {
    if (!mounts(container, names::kNoTokenVolume)) return of_container(container, "it has the service account's token");
  }
  return {};
}

std::string others_problem(const Pod& pod) {
  for (const Volume& volume : pod.volumes) {
    if (volume.name.starts_with(names::kReserved) && !is_own_volume(volume)) {
      return "volume " + volume.name + " is not the injector's";
    }
  }
  for (const Container& container : pod.containers) {
    if (is_own(container)) continue;
    for (const Mount& mount : container.mounts) {
      if (mount.volume.starts_with(names::kReserved) && !mount.volume.starts_with(names::kWritableVolume)) {
        return of_container(container, "it mounts " + mount.volume + ", which is initscan's alone");
      }
    }
  }
  return {};
}

std::string own_problem(const Pod& pod, const std::vector<Container>& own, std::vector<ScannedImage>& scanned) {
  for (const Container& container : own) {
    if (container.kind != ContainerKind::init) return of_container(container, "it is not an init container that ends");
  }
  if (!std::equal(own.begin(), own.end(), pod.containers.begin(),
                  [](const Container& a, const Container& b) { return a.name == b.name && a.kind == b.kind; })) {
    return "initscan's containers are not the first ones";
  }
  if (!is_own_order(own)) return "initscan's containers are not those of the injector, which end with its gate";
  for (const Container& container : own) {
    std::string problem = container_problem(container);
    if (problem.empty() && container.name == names::kInstall) problem = install_problem(container);
    if (problem.empty() && is_collector(container)) problem = collector_problem(container);
    if (!problem.empty()) return problem;
  }
  if (std::string problem = gate_problem(pod, own, scanned); !problem.empty()) return problem;
  if (std::string problem = token_problem(pod, own); !problem.empty()) return problem;
  return others_problem(pod);
}

}  // namespace

void set_own_apart(Pod& pod) {
  if (std::none_of(pod.containers.begin(), pod.containers.end(), is_own)) return;
  Gate gate;
  std::copy_if(pod.containers.begin(), pod.containers.end(), std::back_inserter(gate.containers), is_own);
  pod.gate_problem = own_problem(pod, gate.containers, gate.scanned);
  if (!pod.gate_problem.empty()) return;
  std::erase_if(pod.containers, is_own);
  pod.gate = std::move(gate);
}

}  // namespace initscan::audit
