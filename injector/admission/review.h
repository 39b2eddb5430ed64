#pragma once

#include "injector/inject/config.h"
#include "injector/inject/reason.h"
#include "injector/pod/pod.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan::injector {

// The API server takes requests of up to 3 MiB, and etcd objects of 1.5 MiB, two of which may be in a review. Reading
// one can take twelve times its size.
inline constexpr std::size_t kMaxReviewBytes = 4 << 20;

// An object that is empty takes three bytes of a review, and a hundred as a tree. A pod of a thousand containers with
// fifty variables each has as many.
inline constexpr std::size_t kMaxReviewValues = 150'000;

// What becomes of a request.
enum class Decision : std::uint8_t {
  patched,
  allowed,
  warned,  // allowed, with a warning why it would be denied elsewhere
  denied,
  rejected,  // not a review
};

/// The word for it in logs and the labels of metrics.
constexpr std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::patched: return "patched";
    case Decision::allowed: return "allowed";
    case Decision::warned: return "warned";
    case Decision::denied: return "denied";
    case Decision::rejected: return "rejected";
  }
  return "unknown";
}

// The answer to one AdmissionReview, ready to be sent; everything besides the body is for metrics and logs.
struct ReviewAnswer {
  unsigned http_status = 200;
  std::string body;  // an AdmissionReview, or one line that says why there is none
  Decision decision = Decision::rejected;
  Reason reason = Reason::bad_request;
  std::string uid;
  std::string namespace_;
  std::string pod;         // name or generateName
  Owner owner;             // of a pod without a name
  std::string user;        // of a bypass
  std::string error;       // for people, where decision is denied, warned or rejected
  std::string over_limit;  // why the review's objects were not read; "" where they were
};

/// Answers an AdmissionReview (admission.k8s.io/v1). Pure. Only the creation of pods is ever changed; updates,
/// subresources and other kinds are allowed as they are. A pod that cannot be made safe is denied.
ReviewAnswer answer_review(std::string_view body, const ConfigFor& config_for);

/// Answers a review that the API server sends only for a pod whose creator has the verb `bypass` and asks for it by
/// label: the pod stays as it is, and the answer says who created it. Pure.
ReviewAnswer answer_bypass(std::string_view body);

}  // namespace initscan::injector
