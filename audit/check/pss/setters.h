#pragma once

#include "audit/model/pod.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit::pss {

// Collects who sets something that is not allowed, and what: the sentence that a control answers with.
class Setters {
 public:
  void pod() { who("the pod"); }
  void container(const Container& container) { who('"' + container.name + '"'); }
  void what(std::string_view text);

  bool empty() const { return who_.empty(); }

  /// `the pod, "shop": ` + verb + ` a, b`; "" where nobody does.
  std::string sentence(std::string_view verb) const;

 private:
  void who(std::string_view text);

  std::vector<std::string> who_;  // each once, in the order of their coming, as what_
  std::vector<std::string> what_;
};

bool is_valid_profile(std::string_view type);

/// Whether the pod asks for its own user namespace, for which Kubernetes relaxes controls from v1.35 on.
inline bool has_own_users(const Pod& pod) {
  return pod.host_users.has_value() && !*pod.host_users;
}

}  // namespace initscan::audit::pss
