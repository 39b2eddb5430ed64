#include "injector/doctor/rights.h"

#include "common/names.h"
#include "common/text/join.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;

constexpr const char* kInjector = "injector-rights";
constexpr const char* kAdmission = "admissionregistration.k8s.io";
constexpr const char* kLeases = "coordination.k8s.io";

void add(std::vector<Access>& all, std::initializer_list<const char*> verbs, Access access) {
  for (const char* const verb : verbs) {
    access.verb = verb;
    all.push_back(access);
  }
}

Access right_to_ask(const char* review) {
  return {"create", "authorization.k8s.io", review, "", "", ""};
}

}  // namespace

std::vector<Access> rights_of_injector(const Installation& i, const ParameterKind& kind,
                                       const DeployedArguments& said) {
  std::vector<Access> all;
  add(all, {"list", "watch"}, {"", "", "namespaces", "", "", ""});
  for (const char* const of : {"clusterscanpolicies", "scanpolicies", "scanexemptions"})
    add(all, {"list", "watch"}, {"", names::kGroup, of, "", "", ""});
  add(all, {"list"}, {"", "", "nodes", "", "", ""});
  add(all, {"get", "list"}, {"", "", "pods", "", "", ""});
  add(all, {"create", "patch"}, {"", "", "events", "", "", ""});
  add(all, {"patch"}, {"", names::kGroup, "clusterscanpolicies", "status", "", ""});
  add(all, {"patch"}, {"", names::kGroup, "scanpolicies", "status", "", ""});
  add(all, {"patch"}, {"", names::kGroup, "scanexemptions", "status", "", ""});
  add(all, {"get"}, {"", "", "configmaps", "", i.namespace_, i.final_state});
  add(all, {"create"}, {"", kind.group, kind.resource(), "", i.namespace_, ""});
  add(all, {"get", "list", "watch", "patch"}, {"", kind.group, kind.resource(), "", i.namespace_, i.final_state});
  add(all, {"create"}, {"", kLeases, "leases", "", i.namespace_, ""});
  add(all, {"get", "update"}, {"", kLeases, "leases", "", i.namespace_, i.service});
  if (said.releases_blocked) add(all, {"list", "delete"}, {"", "", "pods", "", "", ""});
  if (!said.own_certificates) return all;
  add(all, {"get", "patch"}, {"", kAdmission, "mutatingwebhookconfigurations", "", "", i.configuration});
  add(all, {"create"}, {"", "", "secrets", "", i.namespace_, ""});
  add(all, {"get", "list", "watch", "update"}, {"", "", "secrets", "", i.namespace_, i.secret});
  add(all, {"get", "update"}, {"", "", "secrets", "", i.namespace_, names::kServerCertificates});
  return all;
}

std::vector<Access> rights_of_caller(const Installation& i, const ParameterKind& kind,
                                     const std::string& trial_namespace, bool has_injector) {
  std::vector<Access> all;
  add(all, {"get"}, {"", kAdmission, "mutatingwebhookconfigurations", "", "", i.configuration});
  add(all, {"get"}, {"", kAdmission, "validatingadmissionpolicies", "", "", i.final_state});
  add(all, {"list"}, {"", kAdmission, "validatingadmissionpolicybindings", "", "", ""});
  for (const char* const of : {"clusterscanpolicies", "scanpolicies", "scanexemptions"})
    add(all, {"list"}, {"", names::kGroup, of, "", "", ""});
  for (const char* const of : {"namespaces", "nodes"}) add(all, {"list"}, {"", "", of, "", "", ""});
  add(all, {"get"}, {"", kind.group, kind.resource(), "", i.namespace_, i.final_state});
  if (!trial_namespace.empty()) add(all, {"create"}, {"", "", "pods", "", trial_namespace, ""});
  if (!has_injector) return all;
  add(all, {"list"}, {"", "apiextensions.k8s.io", "customresourcedefinitions", "", "", ""});
  add(all, {"get"}, {"", "", "secrets", "", i.namespace_, i.secret});
  add(all, {"get"}, {"", "", "services", "", i.namespace_, i.service});
  add(all, {"get"}, {"", "apps", "deployments", "", i.namespace_, i.service});
  add(all, {"get"}, {"", kLeases, "leases", "", i.namespace_, i.service});
  add(all, {"list"}, {"", "discovery.k8s.io", "endpointslices", "", i.namespace_, ""});
  return all;
}

asio::awaitable<CheckItem> check_injector_rights(KubeClient& client, const Installation& installation,
                                                 std::vector<Access> wanted) {
  const Subject subject = service_account(installation.namespace_, installation.service);
  std::vector<std::string> missing;
  for (const Access& access : wanted) {
    auto allowed = co_await may(client, access, subject);
    if (!allowed) co_return not_known(kInjector, failure_of(allowed.error(), right_to_ask("subjectaccessreviews")));
    if (!*allowed) missing.push_back(to_string(access));
  }
  if (!missing.empty()) {
    co_return CheckItem::error(kInjector, subject.user + " may not " + join(missing),
                               "apply rbac.yaml and certificates.yaml of deploy/kustomize/base again");
  }
  co_return CheckItem::ok(kInjector,
                          subject.user + " may do all " + std::to_string(wanted.size()) + " things that it needs");
}

asio::awaitable<CheckItem> check_own_rights(KubeClient& client, std::vector<Access> wanted) {
  std::vector<std::string> missing;
  for (const Access& access : wanted) {
    auto allowed = co_await may_i(client, access);
    if (!allowed)
      co_return not_known(kOwnRights, failure_of(allowed.error(), right_to_ask("selfsubjectaccessreviews")));
    if (!*allowed) missing.push_back(to_string(access));
  }
  if (!missing.empty()) {
    co_return CheckItem::unknown(kOwnRights, "you may not " + join(missing),
                                 "what depends on this is unknown below; check with more rights");
  }
  co_return CheckItem::ok(kOwnRights, "you may read everything that is checked");
}

}  // namespace initscan::injector
