#pragma once

#include "injector/config.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxReviewBytes = 8 << 20;  // etcd refuses objects above 1.5 MiB; a review may hold two

// The answer to one AdmissionReview, ready to be sent; what is beside the body is for metrics and logs.
struct ReviewAnswer {
  unsigned http_status = 200;
  std::string body;      // an AdmissionReview, or one line of why there is none
  std::string decision;  // "patched", "allowed", "denied", "rejected"
  std::string reason;    // as PodPatch::reason; not-a-pod, not-a-creation, invalid-pod, bad-request
  std::string uid;
  std::string namespace_;
  std::string error;  // for people, where decision is denied or rejected
};

/// Answers an AdmissionReview (admission.k8s.io/v1). Pure. Only the creation of pods is ever changed; updates,
/// subresources and other kinds are allowed as they are. A pod that cannot be made safe is denied.
ReviewAnswer answer_review(std::string_view body, const InjectorConfig& config);

}  // namespace initscan
