// A review in which something small stands very often is answered in words, wherever it stands.
#include "injector/admission/review.h"
#include "injector/admission/validation.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

constexpr std::size_t kMostRepeats = 4 * initscan::injector::kMaxReviewValues;
constexpr std::size_t kMostBytes = 3 << 20;

// The first two bytes say how often; what follows up to the first zero stands before, then what is repeated, then what
// stands behind.
std::string pod_of(std::string_view bytes) {
  const std::size_t times = (static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1])) * 16U;
  bytes.remove_prefix(2);
  const std::size_t first = std::min(bytes.find('\0'), bytes.size());
  const std::string_view rest = bytes.substr(std::min(first + 1, bytes.size()));
  const std::size_t second = std::min(rest.find('\0'), rest.size());
  const std::string_view repeated = rest.substr(0, second);
  std::string pod(bytes.substr(0, first));
  for (std::size_t i = 0; i < std::min(times, kMostRepeats) && pod.size() < kMostBytes; ++i) pod += repeated;
  return pod + std::string(rest.substr(std::min(second + 1, rest.size())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  initscan::injector::InjectorConfig config;
  config.image = "example/initscan@sha256:1";
  config.policy_json = "{}";
  const std::string body = R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",)"
                           R"("operation":"CREATE","namespace":"shop","resource":{"resource":"pods"},"object":)" +
                           pod_of({reinterpret_cast<const char*>(data), size}) + "}}";
  for (const auto& answer : {initscan::injector::answer_review(body, initscan::injector::always(config)),
                             initscan::injector::answer_validation(body, initscan::injector::always(config))}) {
    if (answer.body.empty() || answer.http_status >= 500) std::abort();
    if (!answer.over_limit.empty() && answer.decision != initscan::injector::Decision::denied &&
        answer.decision != initscan::injector::Decision::rejected)
      std::abort();
  }
  return 0;
}
