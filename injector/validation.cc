#include "injector/validation.h"

#include "injector/patch.h"
#include "injector/pod_reader.h"
#include "injector/pull_policy.h"
#include "injector/review_body.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

namespace dom = simdjson::dom;
using Json = nlohmann::json;

constexpr std::size_t kPathsToName = 3;

// Why a request is not admitted: a word for metrics, and a sentence for people.
struct Objection {
  std::string reason;
  std::string sentence;
};

bool is_from_node(const dom::element& request) {
  dom::array groups;
  if (request["userInfo"]["groups"].get(groups) != simdjson::SUCCESS) return false;
  return std::any_of(groups.begin(), groups.end(), [](const dom::element group) {
    std::string_view name;
    return group.get(name) == simdjson::SUCCESS && name == "system:nodes";
  });
}

// "/spec/volumes, /spec/containers/0/imagePullPolicy and 4 more"
std::string places_of(const std::string& patch) {
  const Json operations = Json::parse(patch);
  std::string places;
  for (std::size_t i = 0; i < operations.size() && i < kPathsToName; ++i) {
    places += (i == 0 ? "" : ", ") + operations[i]["path"].get<std::string>();
  }
  const std::size_t left = operations.size() - std::min(operations.size(), kPathsToName);
  return left == 0 ? places : places + " and " + std::to_string(left) + " more";
}

Objection unfinished(const Pod& pod, const std::string& patch) {
  const auto is_ours = [](const Container& c) { return c.name.starts_with(kReserved); };
  if (std::none_of(pod.init_containers.begin(), pod.init_containers.end(), is_ours)) {
    return {"not-final", "its containers are not in this pod (was the injector unreachable? try again)"};
  }
  return {"not-final",
          "this pod is not as the injector makes it (did its configuration change meanwhile? try again); "
          "it would change " +
              places_of(patch)};
}

// Nothing where the pod is final; the word for why goes to `reason`.
Result<std::optional<Objection>> object_to_creation(const Pod& pod, const InjectorConfig& config, std::string& reason) {
  auto change = patch_pod(pod, config);
  if (!change) return change.error();
  reason = change->reason;
  if (change->json.empty()) return std::optional<Objection>();
  for (const std::string& image : config.accepted_images) {
    InjectorConfig other = config;
    other.image = image;
    const auto by_other = patch_pod(pod, other);
    if (!by_other || !by_other->json.empty()) continue;
    reason = by_other->reason;
    return std::optional<Objection>();
  }
  return std::optional(unfinished(pod, change->json));
}

bool has_same_images(const std::vector<Container>& now, const std::vector<Container>& before) {
  return std::all_of(now.begin(), now.end(), [&](const Container& c) {
    return std::any_of(before.begin(), before.end(),
                       [&](const Container& b) { return b.name == c.name && b.image == c.image; });
  });
}

std::optional<Objection> object_to_update(const Pod& now, const Pod& before) {
  if (has_same_images(now.containers, before.containers) &&
      has_same_images(now.init_containers, before.init_containers)) {
    return std::nullopt;
  }
  return Objection{
      "image-changed",
      "the image of a running container cannot be changed, because nothing would scan it; replace the pod"};
}

// Whether our containers scanned the image, and one of the pod's own keeps it on the node.
bool is_scanned(const Pod& pod, std::string_view image) {
  const auto runs_it = [&](const Container& c) { return c.image == image; };
  const auto collects_it = [&](const Container& c) { return c.name.starts_with("initscan-collect-") && runs_it(c); };
  const auto mounts_it = [&](const Volume& v) { return v.name.starts_with("initscan-image-") && v.image == image; };
  const auto& inits = pod.init_containers;
  return std::any_of(pod.containers.begin(), pod.containers.end(), runs_it) &&
         (std::any_of(inits.begin(), inits.end(), collects_it) ||
          std::any_of(pod.volumes.begin(), pod.volumes.end(), mounts_it));
}

bool has_ephemeral(const dom::element& pod, std::string_view name, std::string_view image) {
  dom::array list;
  if (pod["spec"]["ephemeralContainers"].get(list) != simdjson::SUCCESS) return false;
  return std::any_of(list.begin(), list.end(),
                     [&](const dom::element c) { return field(c, "name") == name && field(c, "image") == image; });
}

std::optional<Objection> object_to_ephemeral(const dom::element& now, const dom::element& before, const Pod& pod) {
  dom::array list;
  if (now["spec"]["ephemeralContainers"].get(list) != simdjson::SUCCESS) return std::nullopt;
  for (const dom::element container : list) {
    const std::string_view name = field(container, "name");
    const std::string_view image = field(container, "image");
    if (has_ephemeral(before, name, image)) continue;
    std::string policy(field(container, "imagePullPolicy"));
    if (policy.empty()) policy = default_pull_policy(std::string(image));
    if (is_scanned(pod, image) && !is_pulled_anew(std::string(image), policy)) continue;
    return Objection{"ephemeral-container",
                     "the ephemeral container \"" + std::string(name) +
                         "\" is not scanned, and not allowed in this "
                         "namespace; use the image of one of the pod's containers with imagePullPolicy IfNotPresent"};
  }
  return std::nullopt;
}

void conclude(ReviewAnswer& answer, const InjectorConfig& config, const Objection& objection) {
  const std::string sentence = "initscan: " + objection.sentence;
  if (!config.only_reports) return deny(answer, objection.reason, 403, sentence);
  answer.decision = "warned";
  answer.reason = objection.reason;
  answer.error = sentence;
  answer.body = review_of(answer.uid, {{"allowed", true}, {"warnings", {sentence}}});
}

}  // namespace

ReviewAnswer answer_validation(std::string_view body, const ConfigFor& config_for) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);

  const std::string_view operation = field(request, "operation");
  const bool is_ephemeral = is_about_pods(request, "ephemeralcontainers");
  const bool is_creation = is_about_pods(request, "") && operation == "CREATE";
  const bool is_update = (is_ephemeral || is_about_pods(request, "")) && operation == "UPDATE";
  if (!is_creation && !is_update) {
    allow(answer, "not-judged");
    return answer;
  }
  if (!answer.over_limit.empty()) {
    conclude(answer, *config_for(answer.namespace_), {"invalid-pod", answer.over_limit});
    return answer;
  }
  dom::element object;
  dom::element before;
  if (request["object"].get(object) != simdjson::SUCCESS) return rejected("a request without object");
  if (is_update && request["oldObject"].get(before) != simdjson::SUCCESS)
    return rejected("an update without oldObject");

  const auto config = config_for(answer.namespace_);
  auto pod = read_pod(object);
  if (!pod) {
    conclude(answer, *config, {"invalid-pod", pod.error().text});
    return answer;
  }
  pod->namespace_ = answer.namespace_;
  pod->is_mirror = pod->is_mirror && is_from_node(request);
  answer.pod = pod->name;
  answer.owner = pod->owner;

  std::string reason = "unchanged";
  Result<std::optional<Objection>> objection = std::optional<Objection>();
  if (is_creation) {
    objection = object_to_creation(*pod, *config, reason);
  } else if (is_ephemeral) {
    objection = object_to_ephemeral(object, before, *pod);
  } else {
    const auto old = read_pod(before);
    objection = old ? Result<std::optional<Objection>>(object_to_update(*pod, *old)) : old.error();
  }
  if (!objection) objection = std::optional(Objection{"invalid-pod", objection.error().text});
  if (*objection) {
    conclude(answer, *config, **objection);
  } else {
    allow(answer, reason);
  }
  return answer;
}

}  // namespace initscan
