#include "injector/review.h"

#include "common/base64.h"
#include "injector/patch.h"
#include "injector/pod_reader.h"
#include "injector/review_body.h"

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

void deny(ReviewAnswer& answer, const Error& error) {
  deny(answer, "invalid-pod", 422, "initscan cannot put its scanner into this pod: " + error.text);
}

void patch(ReviewAnswer& answer, const PodPatch& patch) {
  if (patch.json.empty()) return allow(answer, patch.reason);
  answer.decision = "patched";
  answer.reason = patch.reason;
  // The patch is the bulk of the answer, and base 64 needs no escaping: it is put in behind the serializer, which
  // would look at each byte. A uid cannot look like the place, because its quotation marks are escaped.
  constexpr std::string_view kPlace = "\"patch\":\"";
  answer.body = review_of(answer.uid, {{"allowed", true}, {"patchType", "JSONPatch"}, {"patch", ""}});
  answer.body.insert(answer.body.find(kPlace) + kPlace.size(), base64_encode(patch.json));
}

}  // namespace

ReviewAnswer answer_review(std::string_view body, const ConfigFor& config_for) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);

  if (!is_about_pods(request, "")) {
    allow(answer, "not-a-pod");
    return answer;
  }
  if (field(request, "operation") != "CREATE") {
    allow(answer, "not-a-creation");
    return answer;
  }
  if (!answer.over_limit.empty()) {
    deny(answer, Error{Errc::over_limit, answer.over_limit});
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
  answer.owner = pod->owner;
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
  if (request["object"].get(part) == simdjson::SUCCESS) {
    if (const auto pod = read_pod(part)) {
      answer.pod = pod->name;
      answer.owner = pod->owner;
    }
  }
  if (request["userInfo"].get(part) == simdjson::SUCCESS) answer.user = field(part, "username");
  allow(answer, "bypassed");
  return answer;
}

}  // namespace initscan
