#include "injector/admission/review_body.h"

#include "common/crypto/base64.h"
#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/json/shape.h"
#include "common/json/writer.h"
#include "injector/admission/review_head.h"
#include "injector/pod/pod_reader.h"

namespace initscan::injector {

namespace dom = simdjson::dom;

constexpr std::size_t kUsualReviewBytes = 256 << 10;

ReviewAnswer rejected(std::string error) {
  ReviewAnswer answer;
  answer.http_status = 400;
  answer.body = error + '\n';
  answer.decision = Decision::rejected;
  answer.reason = Reason::bad_request;
  answer.error = std::move(error);
  return answer;
}

namespace {

// A review up to the end of its response, which its caller writes.
JsonWriter begin_review(const std::string& uid, bool is_allowed) {
  JsonWriter json;
  json.begin_object().field("apiVersion", "admission.k8s.io/v1").field("kind", "AdmissionReview");
  json.key("response").begin_object().field("uid", uid).field("allowed", is_allowed);
  return json;
}

std::string end_review(JsonWriter& json, const std::vector<std::string>& warnings = {}) {
  if (!warnings.empty()) {
    json.key("warnings").begin_array();
    for (const std::string& warning : warnings) json.value(warning);
    json.end_array();
  }
  return json.end_object().end_object().take();
}

}  // namespace

std::string allowing_review(const std::string& uid, const std::vector<std::string>& warnings) {
  JsonWriter json = begin_review(uid, true);
  return end_review(json, warnings);
}

std::string patching_review(const std::string& uid, const PatchOperations& patch,
                            const std::vector<std::string>& warnings) {
  JsonWriter json = begin_review(uid, true);
  json.field("patchType", "JSONPatch").field("patch", base64_encode(patch_text(patch)));
  return end_review(json, warnings);
}

void allow(ReviewAnswer& answer, Reason reason) {
  answer.decision = Decision::allowed;
  answer.reason = reason;
  answer.body = allowing_review(answer.uid);
}

void deny(ReviewAnswer& answer, Reason reason, unsigned code, std::string error) {
  answer.decision = Decision::denied;
  answer.reason = reason;
  answer.error = std::move(error);
  JsonWriter json = begin_review(answer.uid, false);
  json.key("status").begin_object().field("code", code).field("reason", code == 403 ? "Forbidden" : "Invalid");
  json.field("message", answer.error).end_object();
  answer.body = end_review(json);
}

std::optional<ReviewAnswer> open_review(std::string_view body, dom::element& request, ReviewAnswer& answer) {
  // Kept between calls: its buffers grow to the largest usual review; those of an unusual one are freed at the next.
  thread_local dom::parser parser(kMaxReviewBytes);
  if (parser.capacity() > kUsualReviewBytes) parser = dom::parser(kMaxReviewBytes);
  if (parser.max_depth() != kMaxJsonDepth && parser.allocate(64 << 10, kMaxJsonDepth) != simdjson::SUCCESS) {
    return rejected("out of memory");
  }
  std::string head;
  // Below this there cannot be too many values, at two bytes for each.
  if (body.size() > 2 * kMaxReviewValues) {
    if (const auto shape = check_json_shape(body, {body.size(), kMaxReviewValues}); !shape) {
      answer.over_limit = shape.error().text;
      head = review_without_objects(body);
      if (head.size() > kUsualReviewBytes) return rejected(answer.over_limit);
      body = head;
    }
  }
  const auto review = parse_dom(parser, body);
  if (!review) return rejected(review.error().text);
  if (text_in(*review, "kind") != "AdmissionReview" || text_in(*review, "apiVersion") != "admission.k8s.io/v1") {
    return rejected("want an AdmissionReview of admission.k8s.io/v1");
  }
  if ((*review)["request"].get(request) != simdjson::SUCCESS || !request.is_object())
    return rejected("no request in it");
  answer.uid = text_in(request, "uid");
  if (answer.uid.empty()) return rejected("a request without uid");
  answer.namespace_ = text_in(request, "namespace");
  return std::nullopt;
}

namespace {

bool is_about(const dom::element& request, std::string_view plural) {
  dom::element resource;
  return request["resource"].get(resource) == simdjson::SUCCESS && text_in(resource, "resource") == plural &&
         text_in(resource, "group").empty();
}

}  // namespace

bool is_about_pods(const dom::element& request, std::string_view subresource) {
  return is_about(request, "pods") && text_in(request, "subResource") == subresource;
}

bool is_about_namespaces(const dom::element& request) {
  return is_about(request, "namespaces");
}

}  // namespace initscan::injector
