#pragma once

#include "common/names.h"
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
  std::string namespace_ = names::kSystemNamespace;
  std::string service = names::kInjector;  // also of the Deployment, the service account and the Lease
  std::string secret = names::kCertificates;
  std::string configuration = names::kConfiguration;  // of the webhooks
  std::string final_state = names::kFinalState;       // policy, binding, FinalState and ConfigMap
  std::string gate_policy = names::kGatePolicy;  // the MutatingAdmissionPolicy, where one takes the injector's place
};

/// Where something is not known because the API server would not say.
inline CheckItem not_known(std::string name, const std::string& failure) {
  return CheckItem::unknown(std::move(name), failure, "check with the rights to read it");
}

}  // namespace initscan
