#include "injector/commands/injector_options.h"

#include "common/cli/server_url.h"
#include "common/file_io.h"
#include "common/names.h"
#include "initscan/policy/policy_file.h"

#include <CLI/CLI.hpp>

namespace initscan::injector {

void add_injector_options(CLI::App& command, InjectorOptions& options) {
  command.add_option("--image", options.image, "initscan's image, as the cluster pulls it; preferably by digest")
      ->type_name("REFERENCE")
      ->capture_default_str();
  command
      .add_option("--index-image", options.index_image,
                  "An image with advisories.db at its root, mounted into the gate (default: the index inside --image)")
      ->type_name("REFERENCE");
  command
      .add_option("--mode", options.mode,
                  "copy: a static collector runs in the pod's own images, on every Kubernetes; volume: the images are "
                  "mounted, from Kubernetes 1.35 on; auto: volume where the whole cluster can")
      ->check(CLI::IsMember({"auto", "copy", "volume"}))
      ->type_name("MODE")
      ->capture_default_str();
  command
      .add_option("--policy", options.policy_path,
                  "The policy; without one, the policy named built-in: critical findings fail")
      ->type_name("FILE");
  command.add_flag("--allow-pod-opt-out", options.allow_pod_opt_out,
                   std::string("Leave pods alone that are labelled ") + names::kInject + ": disabled");
  command.add_flag(
      "--assigned-user", options.assigned_user,
      "Let the platform choose the user of the scanner's containers, as OpenShift does for each namespace");
  command
      .add_option("--architecture", options.architectures,
                  "An architecture that --image is built for, as in kubernetes.io/arch; repeatable. Pods that run only "
                  "on other architectures are left alone (default: every pod is injected)")
      ->type_name("NAME");
  command.add_flag("--volumes-only", options.volumes_only,
                   "Mount images, and run no collector in one: refuse pods that need that. Mode auto is volume then");
  command.add_flag("--always-pull", options.always_pull,
                   "For API servers with the admission plugin AlwaysPullImages: every image is pulled again, even one "
                   "that was just scanned");
  add_server_url(command, "--report-to", options.servers.report_url,
                 "An initscan-server that gates send SBOM and verdict to, with a token of the pod's service account");
  add_server_url(command, "--server", options.servers.match_url,
                 "An initscan-server that matches for gates; the policy's onUnavailable says what becomes of a pod "
                 "while it does not answer");
  command
      .add_option("--server-ca", options.servers.ca_file,
                  "Who signs these servers' certificates, in PEM; each gate gets the certificates themselves")
      ->type_name("FILE");
}

Result<void> check_options(const InjectorOptions& options) {
  if (options.volumes_only && options.mode == "copy") {
    return Error{Errc::usage,
                 "--volumes-only needs --mode=volume or --mode=auto: in mode copy each image is collected"};
  }
  const bool has_ca = !options.servers.ca_file.empty();
  if (options.servers.empty() && has_ca) {
    return Error{Errc::usage, "--server-ca needs a server to be named (--report-to, --server)"};
  }
  if (!options.servers.empty() && !has_ca) {
    return Error{Errc::usage, "--report-to and --server need --server-ca: gates know no authority of their own"};
  }
  return {};
}

Result<Policy> policy_of(const InjectorOptions& options) {
  if (options.policy_path.empty()) return built_in_policy();
  auto text = read_file(options.policy_path, kMaxPolicyBytes);
  if (!text) return std::move(text).error().within(options.policy_path);
  auto policy = parse_policy(*text);
  if (!policy) return std::move(policy).error().within(options.policy_path);
  return policy;
}

InjectorConfig config_of(const InjectorOptions& options, const Policy& policy) {
  InjectorConfig config;
  config.image = options.image;
  config.index_image = options.index_image;
  config.volumes_only = options.volumes_only;
  config.mode =
      settled(mode_wish_from(options.mode).value_or(ModeWish::copy), best_without(options.volumes_only, Mode::copy));
  config.policy_name = policy.name;
  config.policy_json = canonical_json(policy);
  config.require_digest = policy.require_digest;
  config.debug_images = policy.debug_images.value_or(std::vector<std::string>());
  config.allow_pod_opt_out = options.allow_pod_opt_out;
  config.assigned_user = options.assigned_user;
  config.always_pull = options.always_pull;
  config.architectures = options.architectures;
  return config;
}

}  // namespace initscan::injector
