#include "injector/admission/validation.h"

#include "common/gate/server_arguments.h"
#include "common/json/element.h"
#include "common/names.h"
#include "injector/admission/attachment.h"
#include "injector/admission/guards.h"
#include "injector/admission/review_body.h"
#include "injector/inject/denial_text.h"
#include "injector/inject/own_containers.h"
#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"
#include "injector/pod/pull_policy.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kPathsToName = 3;

bool is_from_node(const dom::element& request) {
  const auto groups = texts_in(request["userInfo"], "groups");
  return std::find(groups.begin(), groups.end(), "system:nodes") != groups.end();
}

// "/spec/volumes, /spec/containers/0/imagePullPolicy and 4 more"
std::string places_of(const PatchOperations& operations) {
  std::string places;
  for (std::size_t i = 0; i < operations.size() && i < kPathsToName; ++i) {
    places += (i == 0 ? "" : ", ") + operations[i].path;
  }
  const std::size_t left = operations.size() - std::min(operations.size(), kPathsToName);
  return left == 0 ? places : places + " and " + std::to_string(left) + " more";
}

Objection unfinished(const Pod& pod, const PatchOperations& patch) {
  const auto is_ours = [](const Container& c) { return c.name.starts_with(names::kReserved); };
  if (std::none_of(pod.init_containers.begin(), pod.init_containers.end(), is_ours)) {
    return {Reason::not_final, std::string(kNotInjected)};
  }
  return {Reason::not_final,
          "this pod is not as the injector makes it (did its configuration change meanwhile? try again); "
          "it would change " +
              places_of(patch)};
}

// A tag can move between two starts of the same container.
std::optional<Objection> object_to_tags(const Pod& pod, const InjectorConfig& config) {
  if (config.require_digest != Reaction::deny) return std::nullopt;
  for (const ScannedImage& image : images_of(pod, config)) {
    if (is_by_digest(image.reference)) continue;
    return Objection{Reason::no_digest,
                     "this namespace runs images by digest only (requireDigest); name each as NAME@sha256:..."};
  }
  return std::nullopt;
}

// Of a pod of a namespace that only reports: elsewhere it is refused before it gets a collector.
std::optional<Objection> object_to_collectors(const Pod& pod, const InjectorConfig& config) {
  if (!config.volumes_only || !config.only_reports) return std::nullopt;
  std::string need = need_of_collectors(pod, images_of(pod, config), config);
  if (need.empty()) return std::nullopt;
  return Objection{Reason::collector, std::move(need)};
}

// What a pod that is as the injector makes it may be denied for, where it is scanned.
std::optional<Objection> object_to_final(const Pod& pod, const InjectorConfig& config, Reason reason) {
  if (reason != Reason::unchanged) return std::nullopt;
  auto objection = object_to_collectors(pod, config);
  return objection ? objection : object_to_tags(pod, config);
}

// As other replicas may have made the pod during an upgrade, or while a server's authority changes.
std::vector<InjectorConfig> accepted_configs(const InjectorConfig& config) {
  std::vector<std::string> images{config.image};
  images.insert(images.end(), config.accepted_images.begin(), config.accepted_images.end());
  std::vector<std::vector<std::string>> servers{config.servers};
  for (const std::string& word : config.accepted_servers) servers.push_back(servers_of_word(word));
  std::vector<InjectorConfig> all;
  for (const std::string& image : images) {
    for (const auto& arguments : servers) {
      InjectorConfig other = config;
      other.image = image;
      other.servers = arguments;
      all.push_back(std::move(other));
    }
  }
  return all;
}

// Nothing where the pod is final; the word for why goes to `reason`.
Result<std::optional<Objection>> object_to_creation(const Pod& pod, const InjectorConfig& config, Reason& reason) {
  auto change = patch_pod(pod, config);
  if (!change) return change.error();
  reason = change->reason;
  if (change->is_final()) return object_to_final(pod, config, reason);
  for (const InjectorConfig& other : accepted_configs(config)) {
    const auto by_other = patch_pod(pod, other);
    if (!by_other || !by_other->is_final()) continue;
    reason = by_other->reason;
    return object_to_final(pod, config, reason);
  }
  return std::optional(unfinished(pod, change->operations));
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
      Reason::image_changed,
      "the image of a running container cannot be changed, because nothing would scan it; replace the pod"};
}

void conclude(ReviewAnswer& answer, bool only_reports, const Objection& objection) {
  const std::string sentence = std::string(kDenialMark) + objection.sentence;
  if (!only_reports) return deny(answer, objection.reason, 403, sentence);
  answer.decision = Decision::warned;
  answer.reason = objection.reason;
  answer.error = sentence;
  answer.body = allowing_review(answer.uid, {sentence});
}

// What a request is about, as far as it is judged.
enum class Subject : std::uint8_t { nothing, creation, update, ephemeral, connection, namespace_ };

Subject subject_of(const dom::element& request) {
  const std::string_view operation = text_in(request, "operation");
  if (operation == "CREATE") return is_about_pods(request, "") ? Subject::creation : Subject::nothing;
  if (operation == "CONNECT") {
    const bool is_command = is_about_pods(request, "exec") || is_about_pods(request, "attach");
    return is_command ? Subject::connection : Subject::nothing;
  }
  if (operation != "UPDATE") return Subject::nothing;
  if (is_about_namespaces(request)) return Subject::namespace_;
  if (is_about_pods(request, "ephemeralcontainers")) return Subject::ephemeral;
  return is_about_pods(request, "") ? Subject::update : Subject::nothing;
}

// Of a request about a pod. Who it is about goes to `answer`, and so does the word for what is allowed.
Result<std::optional<Objection>> object_to_pod(const dom::element& request, Subject subject,
                                               const InjectorConfig& config, ReviewAnswer& answer, Reason& reason) {
  const dom::element object = request["object"];
  auto pod = read_pod(object);
  if (!pod) return pod.error();
  pod->namespace_ = answer.namespace_;
  pod->is_mirror = pod->is_mirror && is_from_node(request);
  answer.pod = pod->name;
  answer.owner = pod->owner;
  if (subject == Subject::creation) return object_to_creation(*pod, config, reason);
  const dom::element before = request["oldObject"];
  if (subject == Subject::ephemeral) return object_to_ephemeral(object, before, *pod, config);
  const auto old = read_pod(before);
  if (!old) return old.error();
  return object_to_update(*pod, *old);
}

}  // namespace

ReviewAnswer answer_validation(std::string_view body, const ConfigFor& config_for) {
  ReviewAnswer answer;
  dom::element request;
  if (auto wrong = open_review(body, request, answer)) return std::move(*wrong);

  const Subject subject = subject_of(request);
  if (subject == Subject::nothing) {
    allow(answer, Reason::not_judged);
    return answer;
  }
  const auto config = config_for(answer.namespace_);
  if (!answer.over_limit.empty()) {
    conclude(answer, config->only_reports && subject != Subject::namespace_, {Reason::invalid_pod, answer.over_limit});
    return answer;
  }
  const bool is_change = subject != Subject::creation && subject != Subject::connection;
  dom::element object;
  if (request["object"].get(object) != simdjson::SUCCESS || object.is_null()) {
    return rejected("a request without object");
  }
  if (is_change && request["oldObject"].error() != simdjson::SUCCESS) return rejected("an update without oldObject");

  Reason reason = Reason::unchanged;
  Result<std::optional<Objection>> objection = std::optional<Objection>();
  if (subject == Subject::connection) {
    objection = object_to_connection(object);
  } else if (subject == Subject::namespace_) {
    objection = object_to_namespace(object, request["oldObject"]);
  } else {
    objection = object_to_pod(request, subject, *config, answer, reason);
  }
  if (!objection) objection = std::optional(Objection{Reason::invalid_pod, objection.error().text});
  if (*objection) {
    // A namespace that only reports must not be how it comes to do so.
    conclude(answer, config->only_reports && subject != Subject::namespace_, **objection);
  } else {
    allow(answer, reason);
  }
  return answer;
}

}  // namespace initscan::injector
