#include "injector/commands/serve_options.h"

#include "common/kube/replica.h"
#include "injector/admission/review.h"

#include <CLI/CLI.hpp>

namespace initscan::injector {
namespace {

template <class Duration>
void add_duration(CLI::App& command, const char* name, Duration& value, std::int64_t least, std::int64_t most,
                  const char* what) {
  using Unit = std::conditional_t<std::is_same_v<Duration, std::chrono::milliseconds>, std::chrono::milliseconds,
                                  std::chrono::seconds>;
  command
      .add_option_function<std::int64_t>(
          name, [&value](std::int64_t count) { value = Unit(count); }, what)
      ->check(CLI::Range(least, most))
      ->type_name("N");
}

void add_cluster_options(CLI::App& command, ServeOptions& options) {
  command.add_flag("--cluster", options.in_cluster,
                   "Follow the cluster with the pod's service account: namespaces, policies, exemptions; without "
                   "--tls-cert, also make and renew the certificates");
  command.add_option("--kubeconfig", options.kubeconfig, "The same, with a kubeconfig")->type_name("FILE");
  command.add_option("--context", options.context, "A context of the kubeconfig (default: its current one)");
  command
      .add_option("--namespace", options.control.namespace_, "The namespace of Secret, Lease, ConfigMap and FinalState")
      ->capture_default_str();
  command
      .add_option("--service", options.control.service, "The Service that the API server calls; also the Lease's name")
      ->capture_default_str();
  command.add_flag("--release-blocked", options.control.releases_blocked,
                   "Delete pods that the scan refused once their policy, an exemption or the index has changed, if a "
                   "ReplicaSet, StatefulSet or DaemonSet replaces them; needs the right to list and delete pods");
  add_duration(
      command, "--release-age-seconds", options.control.release_age, 2, 86400,
      "How old a blocked pod must be before it is deleted; pods are looked at twice in that time (default: 60)");
  command.add_option("--tls-name", options.control.tls_names,
                     "Another name for the injector's own certificates, besides SERVICE.NAMESPACE.svc; repeatable");
  add_duration(command, "--tls-authority-seconds", options.control.lives.authority, 10, 10L * 365 * 86400,
               "How long the injector's own certificate authority is valid; it is renewed after two thirds of that "
               "(default: a year)");
  add_duration(
      command, "--tls-leaf-seconds", options.control.lives.leaf, 5, 365L * 86400,
      "How long the injector's own certificate is valid; it is renewed after two thirds of that (default: 30 days)");
  add_duration(command, "--tls-settle-seconds", options.control.lives.settle, 0, 86400,
               "How long a new authority is trusted before it signs certificates (default: 300)");
  add_duration(command, "--tick-milliseconds", options.control.tick, 100, 10'000,
               "How often the leading replica checks certificates and policies (default: 5000)");
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
  add_injector_options(command, options);
  command.get_option("--image")->default_str("")->required();
  command
      .add_option("--policy-dir", options.policy_folder,
                  "A folder of ClusterScanPolicy, ScanPolicy and ScanExemption objects, for a server without --cluster")
      ->type_name("DIR");
  command
      .add_option("--accept-image", options.accepted_images,
                  "Another image of initscan that /validate accepts, because another replica injects it during an "
                  "upgrade; repeatable")
      ->type_name("REFERENCE");
  add_listen_options(command, options, "listen", false);
  add_cluster_options(command, options);
  add_load_options(command, options);
  add_log_option(command, options, "debug (every answer)");
}

Result<void> settle(ServeOptions& options) {
  if (auto checked = check_options(options); !checked) return checked;
  if (auto settled = settle_serving(options); !settled) return settled;
  options.server.limits.body_bytes = kMaxReviewBytes;
  options.in_cluster = options.in_cluster || !options.kubeconfig.empty();
  options.control.own_certificates = options.server.certificate_file.empty();
  if (!options.in_cluster) {
    if (options.server.certificate_file.empty()) {
      return Error{Errc::usage, "want --tls-cert and --tls-key, or --cluster for the injector's own certificates"};
    }
    return {};
  }
  if (!options.policy_folder.empty()) {
    return Error{Errc::usage, "--policy-dir is for a server without --cluster; create its objects in the cluster"};
  }
  auto kube = options.kubeconfig.empty() ? in_cluster_config() : find_kube_config(options.kubeconfig, options.context);
  if (!kube) return kube.error();
  options.control.kube = std::move(*kube);
  options.control.identity = replica_identity();
  return {};
}

}  // namespace initscan::injector
