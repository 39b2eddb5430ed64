#include "audit/check/effective.h"
#include "audit/check/gate.h"
#include "audit/check/question.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace initscan::audit {
namespace {

constexpr std::chrono::minutes kMaxSkew{5};  // between the node's clock and ours

std::string in_days(std::chrono::seconds time) {
  const auto days = std::chrono::floor<std::chrono::days>(time).count();
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

Answer age(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  const ContainerStatus& status = container.status;
  std::string path = status_path(container, "state.running.startedAt");
  if (has_not_started(container, pod)) return skip("it has not started yet");
  if (!status.known) return unknown(std::move(path), "the pod has no status of it");
  if (status.state != ContainerState::running) return skip("it is not running");
  if (!status.started) return unknown(std::move(path), "its status does not say when it started");
  const std::chrono::seconds age = context.now - *status.started;
  if (age < -kMaxSkew) {
    return unknown(std::move(path), "it started in the future: the clocks of its node and of this program differ");
  }
  std::string value = in_days(std::max(age, std::chrono::seconds(0)));
  if (age <= context.policy.max_age) return pass(std::move(value), std::move(path));
  return fail(std::move(value), std::move(path),
              "it has been running for more than " + in_days(context.policy.max_age));
}

Answer restarts(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  std::string path = status_path(container, "restartCount");
  if (has_not_started(container, pod)) return skip("it has not started yet");
  if (!container.status.known) return unknown(std::move(path), "the pod has no status of it");
  const std::int64_t most = context.policy.max_restarts;
  std::string value = std::to_string(container.status.restarts);
  if (container.status.restarts <= most) return pass(std::move(value), std::move(path));
  return fail(std::move(value), std::move(path), "it has restarted more than " + std::to_string(most) + " times");
}

constexpr std::array kQuestions{
    ask_container("age", age),
    ask_container("restarts", restarts),
};

}  // namespace

std::span<const Question> runtime_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
