#include "injector/admission/review_body.h"

#include "common/json/element.h"
#include "common/json/shape.h"
#include "injector/admission/review_head.h"
#include "injector/pod/pod_reader.h"

#include <nlohmann/json.hpp>

namespace initscan::injector {

namespace dom = simdjson::dom;
using Json = nlohmann::json;

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

std::string review_of(const std::string& uid, Json response) {
  response["uid"] = uid;
  const Json review{
      {"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return review.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void allow(ReviewAnswer& answer, Reason reason) {
  answer.decision = Decision::allowed;
  answer.reason = reason;
  answer.body = review_of(answer.uid, {{"allowed", true}});
}

void deny(ReviewAnswer& answer, Reason reason, unsigned code, std::string error) {
  answer.decision = Decision::denied;
  answer.reason = reason;
  answer.error = std::move(error);
  const char* const word = code == 403 ? "Forbidden" : "Invalid";
  answer.body = review_of(
      answer.uid, {{"allowed", false}, {"status", {{"code", code}, {"reason", word}, {"message", answer.error}}}});
}

std::optional<ReviewAnswer> open_review(std::string_view body, dom::element& request, ReviewAnswer& answer) {
  if (body.empty()) return rejected("not JSON: it is empty");
  // Kept between calls: its buffers grow to the largest usual review; those of an unusual one are freed at the next.
  thread_local dom::parser parser(kMaxReviewBytes);
  if (parser.capacity() > kUsualReviewBytes) parser = dom::parser(kMaxReviewBytes);
  if (parser.max_depth() != kMaxJsonDepth && parser.allocate(64 << 10, kMaxJsonDepth) != simdjson::SUCCESS) {
    return rejected("out of memory");
  }
  dom::element review;
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
  if (const auto error = parser.parse(body.data(), body.size()).get(review); error != simdjson::SUCCESS) {
    return rejected(std::string("not JSON: ") + simdjson::error_message(error));
  }
  if (text_in(review, "kind") != "AdmissionReview" || text_in(review, "apiVersion") != "admission.k8s.io/v1") {
    return rejected("want an AdmissionReview of admission.k8s.io/v1");
  }
  if (review["request"].get(request) != simdjson::SUCCESS || !request.is_object()) return rejected("no request in it");
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
