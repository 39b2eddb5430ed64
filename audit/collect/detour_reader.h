#pragma once

#include "audit/collect/json_fields.h"
#include "audit/model/rights.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace initscan::audit {

// Which rights lead around initscan, and who holds them: joined from roles and bindings, which come in any order. Of
// roles only those are kept that have such a right.
class DetourReader {
 public:
  /// A Role, or a ClusterRole, whose namespace is "".
  void add_role(std::string namespace_, std::string name, const JsonFields& role);

  /// A RoleBinding, or a ClusterRoleBinding.
  void add_binding(std::string namespace_, std::string name, const JsonFields& binding);

  void forget_roles(bool of_cluster);
  void forget_bindings(bool of_cluster);

  Detours finish() const;

 private:
  using Place = std::pair<std::string, std::string>;  // namespace, "" for the cluster's, and name
  struct Binding {
    Place place;
    Place role;
    std::vector<Holder> subjects;
  };

  std::map<Place, std::uint32_t> roles_;  // a bit for each right
  std::vector<Binding> bindings_;
};

}  // namespace initscan::audit
