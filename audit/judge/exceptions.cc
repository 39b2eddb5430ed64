#include "audit/judge/exceptions.h"

#include "audit/judge/glob.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan::audit {
namespace {

bool accepts(const std::string& pattern, std::string_view text) {
  return pattern.empty() || matches_glob(pattern, text);
}

bool is_about(const Exception& exception, const Workload& workload) {
  return accepts(exception.namespace_, workload.namespace_) && accepts(exception.workload, workload.name());
}

std::string name_of(const Exception& exception) {
  std::string name = "the exception of " + exception.check;
  if (!exception.workload.empty()) name += " for " + exception.workload;
  if (!exception.namespace_.empty()) name += " in " + exception.namespace_;
  if (exception.line > 0) name += " (line " + std::to_string(exception.line) + " of the policy)";
  if (!exception.granted_by.empty()) name += " (" + exception.granted_by + ')';
  return name;
}

}  // namespace

bool speaks_of(const Exception& exception, const KeptResult& result) {
  return (exception.check == "*" || exception.check == result.check->id) &&
         accepts(exception.container, result.container);
}

std::string accepted_text(const Exception& exception) {
  return "accepted until " + format_rfc3339(exception.expires) + ": " + exception.reason +
         (exception.granted_by.empty() ? "" : " (" + exception.granted_by + ')');
}

std::optional<std::string> warning_of(const Exception& exception, bool is_about_something, Time now) {
  if (exception.expires <= now) {
    return name_of(exception) + " ended at " + format_rfc3339(exception.expires) +
           ": what it accepted counts again; renew or remove it";
  }
  if (!is_about_something) return name_of(exception) + " matches nothing: correct or remove it";
  return std::nullopt;
}

void apply_exceptions(Workload& workload, const AuditPolicy& policy, Time now) {
  for (const Exception& exception : policy.exceptions) {
    if (exception.expires <= now || !is_about(exception, workload)) continue;
    for (WorkloadResult& found : workload.results) {
      if (!found.is_accepted() && speaks_of(exception, found.result)) found.exception = accepted_text(exception);
    }
  }
}

std::vector<std::string> exception_warnings(const AuditPolicy& policy, const std::vector<Workload>& workloads,
                                            Time now) {
  std::vector<std::string> warnings;
  for (const Exception& exception : policy.exceptions) {
    const bool is_used = std::any_of(workloads.begin(), workloads.end(), [&](const Workload& workload) {
      return is_about(exception, workload) &&
             std::any_of(workload.results.begin(), workload.results.end(),
                         [&](const WorkloadResult& found) { return speaks_of(exception, found.result); });
    });
    if (auto warning = warning_of(exception, is_used, now)) warnings.push_back(std::move(*warning));
  }
  return warnings;
}

}  // namespace initscan::audit
