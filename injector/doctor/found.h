#pragma once

#include "common/kube/access.h"
#include "common/names.h"
#include "injector/doctor/item.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

// Why something is not known.
struct Failure {
  Failure() = default;
  Failure(const char* words) : text(words) {}
  Failure(std::string words, std::optional<Access> right = std::nullopt)
      : text(std::move(words)), missing_right(std::move(right)) {}

  std::string text;                     // "": it is known
  std::optional<Access> missing_right;  // if the API server refused, the right that it required

  bool empty() const { return text.empty(); }
};

/// Why what requires `right` is not known.
inline Failure failure_of(const Error& error, const Access& right) {
  return {error.text, error.code == Errc::refused ? std::optional(right) : std::nullopt};
}

// What came of asking for one object.
struct Found {
  nlohmann::json object;  // null if there is none
  Failure failure;

  bool exists() const { return object.is_object(); }
};

// What came of asking for a list.
struct FoundList {
  std::vector<nlohmann::json> items;
  Failure failure;
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
inline CheckItem not_known(std::string name, const Failure& failure) {
  CheckItem item = CheckItem::unknown(std::move(name), failure.text, "check with the rights to read it");
  item.lacks_right = failure.missing_right.has_value();
  return item;
}

}  // namespace initscan::injector
