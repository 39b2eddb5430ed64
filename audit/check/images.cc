#include "audit/check/effective.h"
#include "audit/check/gate.h"
#include "audit/check/image_name.h"
#include "audit/check/question.h"
#include "common/text/join.h"

#include <array>

namespace initscan::audit {
namespace {

Answer unreadable(const Container& container) {
  return unknown(path_of(container) + ".image", container.image.empty()
                                                    ? std::string("it names no image")
                                                    : "its image name cannot be read: " + container.image);
}

Answer latest_tag(const ContainerSubject& subject) {
  const Container& container = subject.container;
  const auto name = parse_image_name(container.image);
  if (!name) return unreadable(container);
  std::string path = path_of(container) + ".image";
  if (!name->digest.empty() || (!name->tag.empty() && name->tag != "latest")) {
    return pass(container.image, std::move(path));
  }
  return fail(container.image, std::move(path), "its image is whatever is latest when it starts");
}

Answer mutable_tag(const ContainerSubject& subject) {
  const Container& container = subject.container;
  const auto name = parse_image_name(container.image);
  if (!name) return unreadable(container);
  std::string path = path_of(container) + ".image";
  if (!name->digest.empty()) return pass(container.image, std::move(path));
  return fail(container.image, std::move(path), "its image is named by a tag, which can be moved to another image");
}

constexpr std::string_view kNotSaid = "its node does not say by digest which image it runs";

Answer image_drift(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  const std::string_view pinned = digest_of(container.image);
  if (pinned.empty()) return skip("its image is not pinned");
  if (has_not_started(container, pod)) return skip("it has not started yet");
  std::string path = status_path(container, "imageID");
  const std::string_view runs = digest_of(container.status.image_id);
  if (runs.empty()) return unknown(std::move(path), std::string(kNotSaid));
  if (runs == pinned) return pass(std::string(runs), std::move(path));

  // A multi-platform image has its own digest and one for each platform; others may report the latter.
  const std::string_view runtime = runtime_of(pod, context.cluster);
  if (runtime.starts_with("containerd://") || runtime.starts_with("docker://")) {
    return fail(std::string(runs), std::move(path),
                "it is pinned to " + std::string(pinned) + " and runs another image");
  }
  return unknown(std::move(path), "it is pinned to " + std::string(pinned) + " and runs " + std::string(runs) +
                                      ", which may be the same image for one platform: the node's runtime is not "
                                      "known to report the digest that was asked for");
}

Answer unscanned_image(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (!context.history) return skip("no SBOMs were given");
  if (has_not_started(container, pod)) return skip("it has not started yet");
  std::string path = status_path(container, "imageID");
  const std::string_view runs = digest_of(container.status.image_id);
  if (runs.empty()) return unknown(std::move(path), std::string(kNotSaid));
  const Known<bool> scanned = context.history->was_scanned(runs);
  if (!scanned) return unknown(std::move(path), "whether its image was scanned is not known: " + scanned.why_not);
  if (*scanned) return pass(std::string(runs), std::move(path));
  return fail(std::string(runs), std::move(path), "no scan has seen the image that it runs");
}

Answer replica_drift(const WorkloadContainer& container) {
  constexpr std::string_view kPath = "status.containerStatuses[].imageID";
  if (container.image_names > 1) return skip("its pods name different images: a rollout is under way");
  if (container.image_ids.empty()) {
    if (container.running < 2) return skip("fewer than two of its replicas run");
    return unknown(std::string(kPath), "no node says which image its replicas run");
  }
  std::string value = join(container.image_ids);
  if (container.image_ids.size() == 1) return pass(std::move(value), std::string(kPath));
  return fail(std::move(value), std::string(kPath),
              "its replicas run " + std::to_string(container.image_ids.size()) + " different images under one name");
}

constexpr std::array kQuestions{
    ask_container("latest-tag", latest_tag),      ask_container("mutable-tag", mutable_tag),
    ask_container("image-drift", image_drift),    ask_container("unscanned-image", unscanned_image),
    ask_workload("replica-drift", replica_drift),
};

}  // namespace

std::span<const Question> images_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
