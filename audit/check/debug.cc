#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

Answer ephemeral_container(const PodSubject& subject) {
  constexpr std::string_view kPath = "spec.ephemeralContainers";
  std::string names;
  for (const Container& c : subject.pod.containers) {
    if (c.kind == ContainerKind::ephemeral) names += (names.empty() ? "" : ", ") + c.name;
  }
  if (names.empty()) return pass("none", std::string(kPath));
  return fail(names, std::string(kPath), "debug containers were put into it: " + names);
}

constexpr std::array kQuestions{ask_pod("ephemeral-container", ephemeral_container)};

}  // namespace

std::span<const Question> debug_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
