#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// Somebody whom a binding of RBAC names.
struct Holder {
  std::string kind;        // User, Group, ServiceAccount
  std::string namespace_;  // of a service account
  std::string name;

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const Holder&) const = default;
};

// "ServiceAccount ops/agent", "User alice".
inline std::string text_of(const Holder& holder) {
  return holder.kind + ' ' + (holder.namespace_.empty() ? "" : holder.namespace_ + '/') + holder.name;
}

// Rights that lead around initscan, from one binding.
struct Detour {
  std::vector<std::string_view> rights;  // "get nodes/proxy"; of static storage
  std::string namespace_;                // where they hold; "": everywhere
  std::string binding;                   // "ClusterRoleBinding ops"
};

// By who holds them. Kubernetes' own components and initscan's are left out.
using Detours = std::map<Holder, std::vector<Detour>>;

// "get nodes/proxy, impersonate users in shop (RoleBinding ops)".
inline std::string text_of(const Detour& detour) {
  std::string text;
  for (const std::string_view right : detour.rights) text.append(text.empty() ? "" : ", ").append(right);
  if (!detour.namespace_.empty()) text += " in " + detour.namespace_;
  return text + " (" + detour.binding + ')';
}

}  // namespace initscan::audit
