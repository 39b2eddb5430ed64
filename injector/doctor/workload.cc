#include "injector/doctor/workload.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "common/time/rfc3339.h"
#include "injector/doctor/webhooks.h"

#include <algorithm>
#include <array>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kService = "service";
constexpr const char* kDeployment = "deployment";
constexpr const char* kLease = "leader";
constexpr const char* kCrds = "kinds";
constexpr int kMissedRenewals = 3;  // durations of a lease after which no replica leads

std::string describe(const Installation& installation) {
  return "kubectl describe -n " + installation.namespace_ + " deployment/" + installation.service;
}

// Endpoints that take requests: an endpoint without a word on it counts as ready.
std::size_t ready_endpoints(const std::vector<Json>& slices) {
  std::size_t ready = 0;
  for (const Json& slice : slices) {
    for (const Json& endpoint : list_in(slice, "endpoints")) {
      if (flag_in(object_in(endpoint, "conditions"), "ready", true)) ++ready;
    }
  }
  return ready;
}

}  // namespace

CheckItem judge_service(const Found& service, const FoundList& slices, const Json& hook,
                        const Installation& installation) {
  const std::string what = "Service " + installation.namespace_ + '/' + installation.service;
  if (!hook.is_null() && !address_of(hook).by_service) {
    return CheckItem::ok(kService, "the webhook is called at " + address_of(hook).host + ", not by a Service");
  }
  if (!service.failure.empty()) return not_known(kService, service.failure);
  if (!service.exists())
    return CheckItem::error(kService, "there is no " + what, "apply deploy/kustomize/base/injector.yaml again");
  if (!hook.is_null()) {
    const Json& named = object_in(object_in(hook, "clientConfig"), "service");
    if (text_in(named, "name") != installation.service || text_in(named, "namespace") != installation.namespace_) {
      return CheckItem::error(
          kService,
          "the webhook calls Service " + text_in(named, "namespace") + '/' + text_in(named, "name") + ", not " + what,
          "name the right one in clientConfig.service, or tell this command with --namespace and --service");
    }
    const Json& ports = list_in(object_in(service.object, "spec"), "ports");
    const std::string port = address_of(hook).port;
    const bool has_port = std::any_of(ports.begin(), ports.end(),
                                      [&](const Json& p) { return std::to_string(number_in(p, "port")) == port; });
    if (!has_port)
      return CheckItem::error(kService, what + " has no port " + port + ", which the webhook calls",
                              "make the two ports the same");
  }
  if (!slices.failure.empty()) return not_known(kService, slices.failure);
  const std::size_t ready = ready_endpoints(slices.items);
  if (ready == 0) {
    return CheckItem::error(kService, what + " has no ready endpoint: pods of labelled namespaces are denied",
                            describe(installation));
  }
  return CheckItem::ok(
      kService, what + ": " + std::to_string(ready) + (ready == 1 ? " endpoint is ready" : " endpoints are ready"));
}

CheckItem judge_deployment(const Found& deployment, const Installation& installation) {
  const std::string what = "Deployment " + installation.namespace_ + '/' + installation.service;
  if (!deployment.failure.empty()) return not_known(kDeployment, deployment.failure);
  if (!deployment.exists()) {
    return CheckItem::warning(kDeployment, "there is no " + what,
                              "if the injector runs in another way, check its replicas there");
  }
  const std::int64_t wanted = number_in(object_in(deployment.object, "spec"), "replicas", 1);
  const std::int64_t available = number_in(object_in(deployment.object, "status"), "availableReplicas");
  const std::string fact =
      what + ": " + std::to_string(available) + " of " + std::to_string(wanted) + " replicas are available";
  if (wanted == 0) {
    return CheckItem::error(
        kDeployment, what + " is scaled to 0 replicas",
        "kubectl scale -n " + installation.namespace_ + " deployment/" + installation.service + " --replicas=2");
  }
  if (available == 0) return CheckItem::error(kDeployment, fact, describe(installation));
  return available < wanted ? CheckItem::warning(kDeployment, fact, describe(installation))
                            : CheckItem::ok(kDeployment, fact);
}

CheckItem judge_lease(const Found& lease, const Installation& installation, std::chrono::sys_seconds now) {
  const std::string what = "Lease " + installation.namespace_ + '/' + installation.service;
  const std::string logs =
      "see why in its log: kubectl logs -n " + installation.namespace_ + " deployment/" + installation.service;
  if (!lease.failure.empty()) return not_known(kLease, lease.failure);
  if (!lease.exists()) return CheckItem::error(kLease, "there is no " + what + ": no replica has ever led", logs);
  const Json& spec = object_in(lease.object, "spec");
  const auto renewed = parse_rfc3339(text_in(spec, "renewTime"));
  const std::string holder = text_in(spec, "holderIdentity");
  const auto longest =
      std::chrono::seconds(kMissedRenewals * std::max<std::int64_t>(1, number_in(spec, "leaseDurationSeconds")));
  if (holder.empty() || !renewed || now > *renewed + longest) {
    return CheckItem::error(kLease,
                            what + ": no replica leads" +
                                (renewed ? " since " + format_rfc3339(*renewed) : std::string()) +
                                ": certificates and policies are not maintained",
                            logs);
  }
  return CheckItem::ok(kLease, holder);
}

CheckItem judge_crds(const FoundList& crds) {
  constexpr std::array<const char*, 3> kWanted{names::kClusterPolicyResource, names::kPolicyResource,
                                               names::kExemptionResource};
  if (!crds.failure.empty()) return not_known(kCrds, crds.failure);
  const char* const apply = "kubectl apply -f deploy/kustomize/base/crds.yaml";
  for (const char* const name : kWanted) {
    const auto found = std::find_if(crds.items.begin(), crds.items.end(), [&](const Json& crd) {
      return text_in(object_in(crd, "metadata"), "name") == name;
    });
    if (found == crds.items.end())
      return CheckItem::error(kCrds, std::string("there is no CustomResourceDefinition ") + name, apply);
    const Json& conditions = list_in(object_in(*found, "status"), "conditions");
    const bool established = std::any_of(conditions.begin(), conditions.end(), [](const Json& c) {
      return text_in(c, "type") == "Established" && text_in(c, "status") == "True";
    });
    if (!established) {
      return CheckItem::error(kCrds, std::string("CustomResourceDefinition ") + name + " is not established",
                              std::string("kubectl describe crd ") + name);
    }
  }
  return CheckItem::ok(kCrds, "ClusterScanPolicy, ScanPolicy, ScanExemption");
}

}  // namespace initscan::injector
