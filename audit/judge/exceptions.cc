#include "audit/judge/exceptions.h"

#include "audit/judge/glob.h"
#include "common/rfc3339.h"

#include <algorithm>

namespace initscan::audit {
namespace {

bool accepts(const std::string& pattern, std::string_view text) {
  return pattern.empty() || matches_glob(pattern, text);
}

bool is_about(const Exception& exception, const Workload& workload) {
  return accepts(exception.namespace_, workload.namespace_) && accepts(exception.workload, workload.name());
}

bool is_about(const Exception& exception, const KeptResult& result) {
  return (exception.check == "*" || exception.check == result.check->id) &&
         accepts(exception.container, result.container);
}

std::string name_of(const Exception& exception) {
  std::string name = "the exception of " + exception.check;
  if (!exception.workload.empty()) name += " for " + exception.workload;
  if (!exception.namespace_.empty()) name += " in " + exception.namespace_;
  if (exception.line > 0) name += " (line " + std::to_string(exception.line) + " of the policy)";
  return name;
}

}  // namespace

void apply_exceptions(Workload& workload, const AuditPolicy& policy, Time now) {
  for (const Exception& exception : policy.exceptions) {
    if (exception.expires <= now || !is_about(exception, workload)) continue;
    for (WorkloadResult& found : workload.results) {
      if (found.is_accepted() || !is_about(exception, found.result)) continue;
      found.exception = "accepted until " + format_rfc3339(exception.expires) + ": " + exception.reason;
    }
  }
}

std::vector<std::string> exception_warnings(const AuditPolicy& policy, const std::vector<Workload>& workloads,
                                            Time now) {
  std::vector<std::string> warnings;
  for (const Exception& exception : policy.exceptions) {
    if (exception.expires <= now) {
      warnings.push_back(name_of(exception) + " ended at " + format_rfc3339(exception.expires) +
                         ": what it accepted counts again; renew or remove it");
      continue;
    }
    const bool is_used = std::any_of(workloads.begin(), workloads.end(), [&](const Workload& workload) {
      return is_about(exception, workload) &&
             std::any_of(workload.results.begin(), workload.results.end(),
                         [&](const WorkloadResult& found) { return is_about(exception, found.result); });
    });
    if (!is_used) warnings.push_back(name_of(exception) + " matches nothing: correct or remove it");
  }
  return warnings;
}

}  // namespace initscan::audit
