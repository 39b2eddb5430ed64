#include "audit/collect/detour_reader.h"

#include "common/names.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

namespace initscan::audit {
namespace {

// A right that leads around the gate: any of the verbs on any of the resources.
struct Right {
  std::string_view text;
  std::string_view group;
  std::array<std::string_view, 8> resources;  // "" where there are fewer
  std::array<std::string_view, 5> verbs;
  bool is_of_cluster = true;  // a RoleBinding does not grant it
  bool is_nameless = false;   // what is asked for has no name, so that a rule for names does not grant it
};

constexpr std::array kRights{
    Right{names::kBypassRight, names::kGroup, {"scanpolicies"}, {"bypass"}, true, true},
    Right{"change initscan's policies",
          names::kGroup,
          {"clusterscanpolicies", "finalstates"},
          {"create", "update", "patch", "delete", "deletecollection"}},
    Right{"change admission policies or webhooks",
          "admissionregistration.k8s.io",
          {"validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
           "mutatingadmissionpolicybindings", "validatingwebhookconfigurations", "mutatingwebhookconfigurations"},
          {"create", "update", "patch", "delete", "deletecollection"}},
    // The kubelet runs commands in containers for anyone who may "get": WebSockets begin with a GET.
    Right{"nodes/proxy", "", {"nodes/proxy"}, {"get", "create", "update", "patch", "delete"}},
    Right{"change pods/status", "", {"pods/status"}, {"update", "patch"}, false},
    Right{"create persistentvolumes, of a node's folders", "", {"persistentvolumes"}, {"create", "update", "patch"}},
    Right{"create serviceaccounts/token", "", {"serviceaccounts/token"}, {"create"}},
    Right{"impersonate others", "", {"users", "groups", "serviceaccounts"}, {"impersonate"}},
    Right{"grant rights that it does not hold",
          "rbac.authorization.k8s.io",
          {"clusterroles", "roles"},
          {"escalate", "bind"}},
    Right{"approve or sign certificates", "certificates.k8s.io", {"signers"}, {"approve", "sign"}},
};

constexpr std::uint32_t kAllRights = (1U << kRights.size()) - 1;
constexpr std::string_view kEverything = "everything";

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// RBAC knows "*", and "*/proxy" for a subresource of all resources.
bool names_resource(const std::vector<std::string>& resources, std::string_view resource) {
  if (has(resources, "*") || has(resources, resource)) return true;
  const std::size_t slash = resource.find('/');
  return slash != resource.npos && has(resources, '*' + std::string(resource.substr(slash)));
}

template <std::size_t N, class Predicate>
bool any_word(const std::array<std::string_view, N>& words, Predicate predicate) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return !word.empty() && predicate(word); });
}

bool grants(const JsonFields& rule, const Right& right) {
  const std::vector<std::string> groups = rule.texts("apiGroups");
  if (!has(groups, "*") && !has(groups, right.group)) return false;
  const std::vector<std::string> verbs = rule.texts("verbs");
  if (!has(verbs, "*") && !any_word(right.verbs, [&](std::string_view verb) { return has(verbs, verb); })) return false;
  if (right.is_nameless && !rule.texts("resourceNames").empty()) return false;
  const std::vector<std::string> resources = rule.texts("resources");
  return any_word(right.resources, [&](std::string_view resource) { return names_resource(resources, resource); });
}

// Users of the form that a service account has are that account.
Holder holder_of(std::string kind, std::string namespace_, std::string name) {
  constexpr std::string_view kAccount = "system:serviceaccount:";
  if (kind != "ServiceAccount") namespace_.clear();
  if (kind == "User" && name.starts_with(kAccount)) {
    const std::size_t colon = name.find(':', kAccount.size());
    if (colon != name.npos) {
      return {"ServiceAccount", name.substr(kAccount.size(), colon - kAccount.size()), name.substr(colon + 1)};
    }
  }
  return {std::move(kind), std::move(namespace_), std::move(name)};
}

// Kubernetes' own components, and initscan's: they are trusted, and a cluster cannot work without them.
bool is_trusted(const Holder& holder, std::string_view binding) {
  constexpr std::string_view kSystem = "system:";
  if (holder.kind == "ServiceAccount") {
    return holder.namespace_ == names::kSystemNamespace ||
           (holder.namespace_ == "kube-system" && binding.starts_with(kSystem));
  }
  const bool is_anybody = holder.name.starts_with("system:serviceaccounts") || holder.name == "system:authenticated" ||
                          holder.name == "system:unauthenticated" || holder.name == "system:anonymous";
  return holder.name.starts_with(kSystem) && !is_anybody;
}

std::vector<std::string_view> texts_of(std::uint32_t rights, bool is_of_cluster) {
  if (is_of_cluster && rights == kAllRights) return {kEverything};
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < kRights.size(); ++i) {
    const bool is_held = (rights >> i & 1U) != 0 && (is_of_cluster || !kRights[i].is_of_cluster);
    if (is_held) texts.push_back(kRights[i].text);
  }
  return texts;
}

}  // namespace

void DetourReader::add_role(std::string namespace_, std::string name, const JsonFields& role) {
  std::uint32_t rights = 0;
  role.each("rules", kMaxListEntries, [&](const JsonFields& rule) {
    for (std::size_t i = 0; i < kRights.size(); ++i) {
      if (grants(rule, kRights[i])) rights |= 1U << i;
    }
  });
  const Place place(std::move(namespace_), std::move(name));
  if (rights != 0) roles_[place] = rights;
}

void DetourReader::add_binding(std::string namespace_, std::string name, const JsonFields& binding) {
  const JsonFields ref = binding.object("roleRef");
  Binding made;
  made.role = {ref.text("kind") == "Role" ? namespace_ : std::string(), std::string(ref.text("name"))};
  binding.each("subjects", kMaxListEntries, [&](const JsonFields& subject) {
    std::string space(subject.text("namespace"));
    made.subjects.push_back(holder_of(std::string(subject.text("kind")), space.empty() ? namespace_ : std::move(space),
                                      std::string(subject.text("name"))));
  });
  made.place = {std::move(namespace_), std::move(name)};
  bindings_.push_back(std::move(made));
}

void DetourReader::forget_roles(bool of_cluster) {
  std::erase_if(roles_, [&](const auto& role) { return role.first.first.empty() == of_cluster; });
}

void DetourReader::forget_bindings(bool of_cluster) {
  std::erase_if(bindings_, [&](const Binding& one) { return one.place.first.empty() == of_cluster; });
}

Detours DetourReader::finish() const {
  Detours detours;
  for (const Binding& binding : bindings_) {
    const auto role = roles_.find(binding.role);
    if (role == roles_.end()) continue;
    const auto& [space, name] = binding.place;
    const std::vector<std::string_view> rights = texts_of(role->second, space.empty());
    if (rights.empty()) continue;
    for (const Holder& holder : binding.subjects) {
      if (is_trusted(holder, name)) continue;
      detours[holder].push_back({rights, space, (space.empty() ? "ClusterRoleBinding " : "RoleBinding ") + name});
    }
  }
  for (auto& [holder, held] : detours) {
    std::sort(held.begin(), held.end(), [](const Detour& a, const Detour& b) {
      return std::tie(a.namespace_, a.binding) < std::tie(b.namespace_, b.binding);
    });
  }
  return detours;
}

}  // namespace initscan::audit
