#include "audit/check/effective.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

Answer limit(const ContainerSubject& subject, bool Amounts::*amount, std::string_view name) {
  const auto& [container, pod, context] = subject;
  if (container.kind == ContainerKind::ephemeral) return skip("ephemeral containers cannot have limits");
  const std::string path = path_of(container) + ".resources.limits." + std::string(name);
  if (container.limits.*amount) return pass("set (container)", path);
  if (pod.limits.*amount) return pass("set (pod)", "spec.resources.limits." + std::string(name));
  return fail("not set", path, "nothing limits its " + std::string(name));
}

Answer no_memory_limit(const ContainerSubject& subject) {
  return limit(subject, &Amounts::memory, "memory");
}

Answer no_cpu_limit(const ContainerSubject& subject) {
  return limit(subject, &Amounts::cpu, "cpu");
}

Answer no_storage_limit(const ContainerSubject& subject) {
  return limit(subject, &Amounts::ephemeral_storage, "ephemeral-storage");
}

constexpr std::array kQuestions{
    ask_container("no-memory-limit", no_memory_limit),
    ask_container("no-cpu-limit", no_cpu_limit),
    ask_container("no-storage-limit", no_storage_limit),
};

}  // namespace

std::span<const Question> resources_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
