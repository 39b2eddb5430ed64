#pragma once

#include "initscan/model/policy.h"
#include "injector/inject/hardening.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

// The policy that applies unless another one is given. No ClusterScanPolicy has this name by chance: whoever reads it
// knows that none applies.
inline constexpr const char* kBuiltInPolicy = "built-in";

inline Policy built_in_policy() {
  Policy policy;
  policy.name = kBuiltInPolicy;
  return policy;
}

// How the scanner gets at an image's files; see patch.h.
enum class Mode : std::uint8_t { copy, volume };

constexpr std::string_view to_string(Mode mode) {
  return mode == Mode::copy ? "copy" : "volume";
}

// What was asked for; `automatic` is settled by what the cluster can do.
enum class ModeWish : std::uint8_t { automatic, copy, volume };

constexpr std::optional<ModeWish> mode_wish_from(std::string_view name) {
  if (name == "auto") return ModeWish::automatic;
  if (name == "copy") return ModeWish::copy;
  if (name == "volume") return ModeWish::volume;
  return std::nullopt;
}

// Without collectors there is one mode: what cannot be mounted does not start.
constexpr Mode best_without(bool volumes_only, Mode best) {
  return volumes_only ? Mode::volume : best;
}

constexpr Mode settled(ModeWish wish, Mode best) {
  return wish == ModeWish::automatic ? best : wish == ModeWish::volume ? Mode::volume : Mode::copy;
}

// What every patch follows from, besides the pod itself: same pod, same configuration, same patch.
struct InjectorConfig {
  std::string image;        // of initscan, as the cluster pulls it
  std::string index_image;  // an image with the index at its root; "": the index inside `image` is used
  Mode mode = Mode::copy;
  std::string policy_name;
  std::string policy_json;                    // canonical; travels into the pod
  bool allow_pod_opt_out = false;             // honour the pod label initscan.io/inject: disabled
  bool only_reports = false;                  // /validate warns instead of denying
  Reaction require_digest = Reaction::allow;  // of pods whose images are not named by digest
  std::vector<std::string> debug_images;      // may be attached once the scan has passed, by digest
  std::vector<std::string> servers;           // what gates are told of servers: common/gate/server_arguments.h
  bool always_pull = false;                // the API server insists on it (AlwaysPullImages): nothing else is admitted
  bool volumes_only = false;               // no collector runs in an image: a pod that would need one is refused
  std::vector<std::string> architectures;  // for which there is an image, as in kubernetes.io/arch; empty: all
  std::vector<std::string> accepted_images;   // besides `image`, for /validate: of another replica during an upgrade
  std::vector<std::string> accepted_servers;  // besides `servers`, likewise, each as one word
  Hardening hardening;
  bool assigned_user = false;  // our containers name no user: the platform gives each namespace its own
  std::vector<std::string> excluded_namespaces{"kube-system", "kube-public", "kube-node-lease"};
};

/// The configuration for the pods of a namespace. Called for each review: it must not wait.
using ConfigFor = std::function<std::shared_ptr<const InjectorConfig>(std::string_view namespace_)>;

/// The same for every namespace.
inline ConfigFor always(InjectorConfig config) {
  return [shared = std::make_shared<const InjectorConfig>(std::move(config))](std::string_view) { return shared; };
}

}  // namespace initscan::injector
