#include "injector/review.h"

#include "common/base64.h"
#include "injector/patch.h"
#include "injector/pod_reader.h"

#include <optional>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

namespace dom = simdjson::dom;
using Json = nlohmann::json;

std::string_view text_of(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

ReviewAnswer rejected(std::string error) {
  ReviewAnswer answer;
  answer.http_status = 400;
  answer.body = error + '\n';
  answer.decision = "rejected";
  answer.reason = "bad-request";
  answer.error = std::move(error);
  return answer;
}

std::string review_of(const std::string& uid, Json response) {
  response["uid"] = uid;
  const Json review{
      {"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return review.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void allow(ReviewAnswer& answer, std::string reason) {
  answer.decision = "allowed";
  answer.reason = std::move(reason);
  answer.body = review_of(answer.uid, {{"allowed", true}});
}

void deny(ReviewAnswer& answer, const Error& error) {
  answer.decision = "denied";
  answer.reason = "invalid-pod";
  answer.error = "initscan cannot put its scanner into this pod: " + error.text;
  answer.body = review_of(
      answer.uid, {{"allowed", false}, {"status", {{"code", 422}, {"reason", "Invalid"}, {"message", answer.error}}}});
}

// Opens a review up to its request; what is wrong with it otherwise.
std::optional<ReviewAnswer> open_review(std::string_view body, dom::element& request, ReviewAnswer& answer) {
  if (body.empty()) return rejected("not JSON: it is empty");
  // Kept between calls: its buffers grow to the largest review and no further.
  thread_local dom::parser parser(kMaxReviewBytes);
  if (parser.max_depth() != kMaxJsonDepth && parser.allocate(64 << 10, kMaxJsonDepth) != simdjson::SUCCESS) {
    return rejected("out of memory");
  }
  dom::element review;
  if (const auto error = parser.parse(body.data(), body.size()).get(review); error != simdjson::SUCCESS) {
    return rejected(std::string("not JSON: ") + simdjson::error_message(error));
  }
  if (text_of(review, "kind") != "AdmissionReview" || text_of(review, "apiVersion") != "admission.k8s.io/v1") {
    return rejected("want an AdmissionReview of admission.k8s.io/v1");
  }
  if (review["request"].get(request) != simdjson::SUCCESS || !request.is_object()) return rejected("no request in it");
  answer.uid = text_of(request, "uid");
  if (answer.uid.empty()) return rejected("a request without uid");
  answer.namespace_ = text_of(request, "namespace");
  return std::nullopt;
}

void patch(ReviewAnswer& answer, const PodPatch& patch) {
  if (patch.json.empty()) return allow(answer, patch.reason);
  answer.decision = "patched";
  answer.reason = patch.reason;
  answer.body =
      review_of(answer.uid, {{"allowed", true}, {"patchType", "JSONPatch"}, {"patch", base64_encode(patch.json)}});
}

}  // namespace

ReviewAnswer answer_review(std::string_view body, const ConfigFor& config_for) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);

  dom::element resource;
  const bool has_resource = request["resource"].get(resource) == simdjson::SUCCESS;
  const bool is_pod = has_resource && text_of(resource, "resource") == "pods" && text_of(resource, "group").empty() &&
                      text_of(request, "subResource").empty();
  if (!is_pod) {
    allow(answer, "not-a-pod");
    return answer;
  }
  if (text_of(request, "operation") != "CREATE") {
    allow(answer, "not-a-creation");
    return answer;
  }
  dom::element object;
  if (request["object"].get(object) != simdjson::SUCCESS) return rejected("a creation without object");
  auto pod = read_pod(object);
  if (!pod) {
    deny(answer, pod.error());
    return answer;
  }
  pod->namespace_ = answer.namespace_;  // the API server's word; the object's own may be missing
  answer.pod = pod->name;
  const auto change = patch_pod(*pod, *config_for(answer.namespace_));
  if (change) {
    patch(answer, *change);
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
  dom::element metadata;
  if (request["object"].get(part) == simdjson::SUCCESS && part["metadata"].get(metadata) == simdjson::SUCCESS) {
    answer.pod = text_of(metadata, "name");
    if (answer.pod.empty()) answer.pod = text_of(metadata, "generateName");
  }
  if (request["userInfo"].get(part) == simdjson::SUCCESS) answer.user = text_of(part, "username");
  allow(answer, "bypassed");
  return answer;
}

}  // namespace initscan
