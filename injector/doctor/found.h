#pragma once

#include "injector/doctor/item.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan {

// What came of asking for one object.
struct Found {
  nlohmann::json object;  // null where there is none
  std::string failure;    // why it is not known; "": it is

  bool exists() const { return object.is_object(); }
};

// What came of asking for a list.
struct FoundList {
  std::vector<nlohmann::json> items;
  std::string failure;
};

// What an installation's parts are called.
struct Installation {
  std::string namespace_ = "initscan-system";
  std::string service = "initscan-injector";  // also of the Deployment, the service account and the Lease
  std::string secret = "initscan-injector-tls";
  std::string configuration = "initscan";            // of the webhooks
  std::string final_state = "initscan-final-state";  // policy, binding, FinalState and ConfigMap
  std::string gate_policy = "initscan-gate";  // the MutatingAdmissionPolicy, where one takes the injector's place
};

/// Where something is not known because the API server would not say.
inline CheckItem not_known(std::string name, const std::string& failure) {
  return CheckItem::unknown(std::move(name), failure, "check with the rights to read it");
}

}  // namespace initscan
