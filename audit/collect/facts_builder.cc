#include "audit/collect/facts_builder.h"

#include "audit/collect/json_fields.h"
#include "audit/collect/scan_object_reader.h"

#include <algorithm>

namespace initscan::audit {
namespace {

Namespace read_namespace(const JsonFields& metadata) {
  return {metadata.text_map("labels"), metadata.text_map("annotations")};
}

Node read_node(const JsonFields& status) {
  const JsonFields info = status.object("nodeInfo");
  Node node;
  status.each("conditions", kMaxListEntries, [&](const JsonFields& condition) {
    if (condition.text("type") == "Ready") node.ready = condition.text("status") == "True";
  });
  node.os = info.text("operatingSystem");
  node.kubelet_version = info.text("kubeletVersion");
  node.runtime_version = info.text("containerRuntimeVersion");
  return node;
}

std::optional<KubeletAddress> read_kubelet(const JsonFields& status) {
  const JsonFields endpoints = status.object("daemonEndpoints");
  const JsonFields endpoint = endpoints.object("kubeletEndpoint");
  KubeletAddress kubelet;
  status.each("addresses", kMaxListEntries, [&](const JsonFields& address) {
    if (kubelet.host.empty() && address.text("type") == "InternalIP") kubelet.host = address.text("address");
  });
  const auto port = endpoint.number("Port").value_or(10250);
  if (kubelet.host.empty() || port < 1 || port > 65535) return std::nullopt;
  kubelet.port = std::to_string(port);
  return kubelet;
}

std::optional<Owner> read_controller(const JsonFields& metadata) {
  std::optional<Owner> owner;
  metadata.each("ownerReferences", kMaxListEntries, [&](const JsonFields& reference) {
    if (owner || !reference.flag("controller").value_or(false)) return;
    owner = Owner{std::string(reference.text("apiVersion")), std::string(reference.text("kind")),
                  std::string(reference.text("name")), std::string(reference.text("uid"))};
  });
  return owner;
}

LabelSelector read_selector(const JsonFields& selector) {
  LabelSelector read;
  for (auto& [key, value] : selector.text_map("matchLabels")) read.requirements.push_back({key, "In", {value}});
  selector.each("matchExpressions", kMaxListEntries, [&](const JsonFields& expression) {
    read.requirements.push_back(
        {std::string(expression.text("key")), std::string(expression.text("operator")), expression.texts("values")});
  });
  return read;
}

Exposure exposure_of(const JsonFields& spec) {
  const std::string_view type = spec.text("type");
  if (type == "LoadBalancer" || !spec.texts("externalIPs").empty()) return Exposure::load_balancer;
  if (type == "NodePort") return Exposure::node_port;
  return type == "ExternalName" ? Exposure::none : Exposure::cluster;
}

// The Services that an Ingress leads to.
std::vector<std::string> read_backends(const JsonFields& spec) {
  std::vector<std::string> services;
  const auto add = [&](const JsonFields& backend) {
    const JsonFields service = backend.object("service");
    if (const std::string_view name = service.text("name"); !name.empty()) services.emplace_back(name);
  };
  add(spec.object("defaultBackend"));
  spec.each("rules", kMaxListEntries, [&](const JsonFields& rule) {
    const JsonFields http = rule.object("http");
    http.each("paths", kMaxListEntries, [&](const JsonFields& path) { add(path.object("backend")); });
  });
  return services;
}

}  // namespace

const FactKindNames* fact_kind_of(std::string_view api_version, std::string_view object_kind) {
  const std::size_t slash = api_version.find('/');
  const std::string_view group = slash == api_version.npos ? std::string_view() : api_version.substr(0, slash);
  const auto found = std::find_if(kFactKindNames.begin(), kFactKindNames.end(), [&](const FactKindNames& names) {
    return names.object == object_kind && (api_version.empty() || names.group == group);
  });
  return found == kFactKindNames.end() ? nullptr : &*found;
}

void FactsBuilder::add(FactKind kind, const simdjson::dom::element& object) {
  std::optional<Error> error;
  const JsonFields fields(object, error);
  const JsonFields metadata = fields.object("metadata");
  const JsonFields spec = fields.object("spec");
  const JsonFields status = fields.object("status");
  const std::string name(metadata.text("name"));
  const std::string space(metadata.text("namespace"));
  const std::string uid(metadata.text("uid"));
  ++state(kind).objects;
  if (name.empty()) metadata.fail("name", "missing");
  switch (kind) {
    case FactKind::namespace_: namespaces_[name] = read_namespace(metadata); break;
    case FactKind::node:
      nodes_[name] = read_node(status);
      if (auto kubelet = read_kubelet(status)) kubelets_[name] = std::move(*kubelet);
      break;
    case FactKind::replica_set:
    case FactKind::job:
      if (auto owner = read_controller(metadata)) {
        (kind == FactKind::job ? jobs_ : replica_sets_)[uid] = std::move(*owner);
      }
      break;
    case FactKind::service_account:
      token_automount_[{space, name}] = fields.flag("automountServiceAccountToken").value_or(true);
      break;
    case FactKind::disruption_budget: {
      // Without a selector it applies to no pod; an empty one selects all pods of its namespace.
      const JsonFields selector = spec.object("selector");
      if (!selector.exists()) break;
      budgets_.push_back({name, space, read_selector(selector), status.number("disruptionsAllowed").value_or(0)});
      break;
    }
    case FactKind::service: {
      // Without a selector its endpoints are made by hand: it selects no pod.
      StringMap selector = spec.text_map("selector");
      if (!selector.empty()) services_.push_back({name, space, std::move(selector), exposure_of(spec)});
      break;
    }
    case FactKind::ingress:
      for (std::string& service : read_backends(spec)) behind_ingress_.emplace(space, std::move(service));
      break;
    case FactKind::scan_exemption: add_exemption(object); break;
    case FactKind::cluster_scan_policy: scan_policies_[name] = read_scan_policy(object); break;
    case FactKind::runtime_class: runtime_handlers_[name] = fields.text("handler"); break;
    case FactKind::role:
    case FactKind::cluster_role: detours_.add_role(space, name, fields); break;
    case FactKind::role_binding:
    case FactKind::cluster_role_binding: detours_.add_binding(space, name, fields); break;
  }
  if (error) {
    const std::string place = space.empty() ? name : space + '/' + name;
    const std::string_view object_kind = kFactKindNames[static_cast<std::size_t>(kind)].object;
    unknown(kind, std::string(object_kind) + (place.empty() ? "" : ' ' + place) + ": " + error->text);
  }
}

void FactsBuilder::add_exemption(const simdjson::dom::element& object) {
  auto exemption = read_scan_exemption(object);
  if (!exemption) return;
  const std::size_t count = ++exemptions_of_[exemption->namespace_];
  if (count > kMaxCheckExemptions + 1) return;
  if (count > kMaxCheckExemptions) {
    exemption->problem = "ScanExemption " + exemption->namespace_ + '/' + exemption->name +
                         ": its namespace has more than " + std::to_string(kMaxCheckExemptions) + " about checks";
  }
  exemptions_.push_back(std::move(*exemption));
}

void FactsBuilder::known(FactKind kind) {
  if (state(kind).why_not.empty()) state(kind).is_known = true;
}

void FactsBuilder::unknown(FactKind kind, std::string why) {
  State& now = state(kind);
  now.is_known = false;
  now.is_gap = true;
  if (now.why_not.empty()) now.why_not = std::move(why);
}

void FactsBuilder::not_given(FactKind kind, std::string why) {
  state(kind).is_known = false;
  state(kind).why_not = std::move(why);
}

void FactsBuilder::forget(FactKind kind) {
  state(kind) = {};
  switch (kind) {
    case FactKind::namespace_: namespaces_.clear(); break;
    case FactKind::node:
      nodes_.clear();
      kubelets_.clear();
      break;
    case FactKind::replica_set: replica_sets_.clear(); break;
    case FactKind::job: jobs_.clear(); break;
    case FactKind::service_account: token_automount_.clear(); break;
    case FactKind::disruption_budget: budgets_.clear(); break;
    case FactKind::service: services_.clear(); break;
    case FactKind::ingress: behind_ingress_.clear(); break;
    case FactKind::scan_exemption:
      exemptions_.clear();
      exemptions_of_.clear();
      break;
    case FactKind::cluster_scan_policy: scan_policies_.clear(); break;
    case FactKind::runtime_class: runtime_handlers_.clear(); break;
    case FactKind::role: detours_.forget_roles(false); break;
    case FactKind::cluster_role: detours_.forget_roles(true); break;
    case FactKind::role_binding: detours_.forget_bindings(false); break;
    case FactKind::cluster_role_binding: detours_.forget_bindings(true); break;
  }
}

template <class T>
Known<T> FactsBuilder::taken(FactKind kind, T&& value) const {
  const State& now = state(kind);
  if (now.is_known) return {std::forward<T>(value), {}};
  return {std::nullopt, now.why_not};
}

// Roles without bindings mean nothing, nor do bindings without roles: all four kinds must be known.
void FactsBuilder::add_detours(ClusterFacts& facts) const {
  constexpr std::array kKinds{FactKind::cluster_role, FactKind::cluster_role_binding, FactKind::role,
                              FactKind::role_binding};
  for (const FactKind kind : kKinds) {
    const State& now = state(kind);
    if (now.is_known || now.is_gap) facts.detours_are_asked = true;
    if (!now.is_known && facts.detours.why_not.empty()) facts.detours.why_not = now.why_not;
  }
  if (facts.detours.why_not.empty()) facts.detours.value = detours_.finish();
}

ClusterFacts FactsBuilder::finish() && {
  ClusterFacts facts;
  for (const FactKindNames& names : kFactKindNames) {
    if (state(names.kind).is_gap) facts.gaps.push_back({std::string(names.collection), state(names.kind).why_not});
  }
  for (Service& service : services_) {
    if (behind_ingress_.contains({service.namespace_, service.name})) service.exposure = Exposure::load_balancer;
  }
  // Both are looked up by uid. Where only one kind is known, pods of the other end at their nearest owner.
  replica_sets_.merge(jobs_);
  const bool only_jobs = state(FactKind::job).is_known && !state(FactKind::replica_set).is_known;
  facts.owners = taken(only_jobs ? FactKind::job : FactKind::replica_set, std::move(replica_sets_));
  facts.namespaces = taken(FactKind::namespace_, std::move(namespaces_));
  facts.nodes = taken(FactKind::node, std::move(nodes_));
  facts.token_automount = taken(FactKind::service_account, std::move(token_automount_));
  facts.budgets = taken(FactKind::disruption_budget, std::move(budgets_));
  facts.services = taken(FactKind::service, std::move(services_));
  facts.exemptions = taken(FactKind::scan_exemption, std::move(exemptions_));
  facts.scan_policies = taken(FactKind::cluster_scan_policy, std::move(scan_policies_));
  facts.runtime_handlers = taken(FactKind::runtime_class, std::move(runtime_handlers_));
  add_detours(facts);
  return facts;
}

}  // namespace initscan::audit
