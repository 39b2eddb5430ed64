#include "audit/check/effective.h"
#include "audit/check/gate.h"
#include "audit/check/question.h"
#include "common/text/join.h"

#include <array>

namespace initscan::audit {
namespace {

std::string listed(const ImageVulnerabilities& vulnerabilities) {
  std::string text = join(vulnerabilities.newer_ids);
  if (vulnerabilities.newer > vulnerabilities.newer_ids.size()) text += ", ...";
  return text;
}

Answer new_advisories(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (!context.history) return skip("no advisories were given");
  if (has_not_started(container, pod)) return skip("it has not started yet");
  std::string path = status_path(container, "imageID");
  const std::string_view digest = digest_of(container.status.image_id);
  if (digest.empty()) return unknown(std::move(path), "its node does not say by digest which image it runs");
  if (!pod.created) return unknown("metadata.creationTimestamp", "the pod does not say when it was admitted");

  const auto found = context.history->vulnerabilities(digest, *pod.created);
  if (!found) { return unknown(std::move(path), "the vulnerabilities of its image are not known: " + found.why_not); }
  const std::string newer = std::to_string(found->newer);
  std::string value = newer + " of " + std::to_string(found->total);
  if (found->newer == 0) return pass(std::move(value), std::move(path));
  return fail(std::move(value), std::move(path),
              newer + " vulnerabilities of its image became known after its admission, the worst " +
                  std::string(to_string(found->worst_newer)) + ": " + listed(*found));
}

constexpr std::array kQuestions{ask_container("new-advisories", new_advisories)};

}  // namespace

std::span<const Question> vulnerabilities_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
