#include "injector/admission/review.h"

#include "common/json/element.h"
#include "injector/admission/review_body.h"
#include "injector/inject/denial_text.h"
#include "injector/inject/own_containers.h"
#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"
#include "injector/pod/pull_policy.h"

namespace initscan::injector {
namespace {

namespace dom = simdjson::dom;

// The API server takes 4,096 bytes of warnings in all.
constexpr std::size_t kMaxWarnings = 5;
constexpr std::size_t kMaxWarnedBytes = 256;

void deny(ReviewAnswer& answer, const Error& error) {
  deny(answer, Reason::invalid_pod, 422, std::string(kCannotInject) + error.text);
}

// For whoever creates a pod that is scanned: a tag can move between two starts of the same container.
std::vector<std::string> warnings_of(const Pod& pod, const PodPatch& patch, const InjectorConfig& config) {
  if (config.require_digest != Reaction::warn || !is_scanned(patch.reason)) return {};
  std::vector<std::string> warnings;
  for (const ScannedImage& image : images_of(pod, config)) {
    if (is_by_digest(image.reference) || warnings.size() == kMaxWarnings) continue;
    warnings.push_back("initscan: " + image.reference.substr(0, kMaxWarnedBytes) +
                       " can move after the scan; name it as NAME@sha256:... (requireDigest)");
  }
  return warnings;
}

void patch(ReviewAnswer& answer, const PodPatch& patch, const std::vector<std::string>& warnings) {
  if (patch.operations.empty()) {
    allow(answer, patch.reason);
    if (!warnings.empty()) answer.body = allowing_review(answer.uid, warnings);
    return;
  }
  answer.decision = Decision::patched;
  answer.reason = patch.reason;
  answer.body = patching_review(answer.uid, patch.operations, warnings);
}

}  // namespace

ReviewAnswer answer_review(std::string_view body, const ConfigFor& config_for) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);

  if (!is_about_pods(request, "")) {
    allow(answer, Reason::not_a_pod);
    return answer;
  }
  if (text_in(request, "operation") != "CREATE") {
    allow(answer, Reason::not_a_creation);
    return answer;
  }
  if (!answer.over_limit.empty()) {
    deny(answer, Error{Errc::over_limit, answer.over_limit});
    return answer;
  }
  dom::element object;
  if (request["object"].get(object) != simdjson::SUCCESS) return rejected("a CREATE without object");
  auto pod = read_pod(object);
  if (!pod) {
    deny(answer, pod.error());
    return answer;
  }
  pod->namespace_ = answer.namespace_;  // the API server's word; the object's own may be missing
  answer.pod = pod->name;
  answer.owner = pod->owner;
  const auto config = config_for(answer.namespace_);
  const auto change = patch_pod(*pod, *config);
  if (change) {
    patch(answer, *change, warnings_of(*pod, *change, *config));
  } else {
    deny(answer, change.error());
  }
  return answer;
}

ReviewAnswer answer_bypass(std::string_view body) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);
  dom::element part;
  if (request["object"].get(part) == simdjson::SUCCESS) {
    if (const auto pod = read_pod(part)) {
      answer.pod = pod->name;
      answer.owner = pod->owner;
    }
  }
  answer.user = text_in(request["userInfo"], "username");
  allow(answer, Reason::bypassed);
  return answer;
}

}  // namespace initscan::injector
