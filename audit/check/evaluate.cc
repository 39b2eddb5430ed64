#include "audit/check/evaluate.h"

#include "audit/check/question.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace initscan::audit {
namespace {

struct Asked {
  const Check* check;
  const Question* question;
};

// Every check with its question, in the order of the catalogue.
std::vector<Asked> join_catalogue() {
  std::vector<Asked> all;
  for (const auto family : {mutability_questions, privileges_questions, capabilities_questions, user_questions,
                            host_questions, profiles_questions, kernel_questions, debug_questions, images_questions,
                            secrets_questions, token_questions, rights_questions, resources_questions,
                            runtime_questions, vulnerabilities_questions, scans_questions, pss_questions}) {
    for (const Question& question : family()) all.push_back({find_check(question.check), &question});
  }
  std::sort(all.begin(), all.end(), [](const Asked& a, const Asked& b) { return a.check < b.check; });
  return all;
}

const std::vector<Asked>& questions() {
  static const std::vector<Asked> kAll = join_catalogue();
  return kAll;
}

bool is_disabled(const Check& check, const AuditPolicy& policy) {
  return std::find(policy.disabled_checks.begin(), policy.disabled_checks.end(), check.id) !=
         policy.disabled_checks.end();
}

CheckResult result_of(const Check& check, Answer answer) {
  return {&check,
          answer.outcome,
          {},
          ContainerKind::regular,
          std::move(answer.value),
          std::move(answer.evidence),
          std::move(answer.message)};
}

CheckResult result_of(const Check& check, std::string_view container, ContainerKind kind, Answer answer) {
  CheckResult result = result_of(check, std::move(answer));
  result.container = container;
  result.kind = kind;
  return result;
}

}  // namespace

std::vector<CheckResult> evaluate(const Pod& pod, const CheckContext& context) {
  std::vector<CheckResult> results;
  results.reserve(questions().size() * pod.containers.size());
  for (const auto& [check, question] : questions()) {
    if (is_disabled(*check, context.policy)) continue;
    if (question->of_pod) results.push_back(result_of(*check, question->of_pod({pod, context})));
    if (!question->of_container) continue;
    for (const Container& c : pod.containers) {
      results.push_back(result_of(*check, c.name, c.kind, question->of_container({c, pod, context})));
    }
  }
  return results;
}

std::vector<CheckResult> evaluate(const Workload& workload, const CheckContext& context) {
  std::vector<CheckResult> results;
  for (const auto& [check, question] : questions()) {
    if (!question->of_workload || is_disabled(*check, context.policy)) continue;
    for (const WorkloadContainer& c : workload.containers) {
      results.push_back(result_of(*check, c.name, c.kind, question->of_workload(c)));
    }
  }
  return results;
}

}  // namespace initscan::audit
