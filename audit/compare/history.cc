#include "audit/compare/history.h"

#include "audit/compare/compare.h"

namespace initscan::audit {

void compare_with_history(AuditReport& report, HistoryStore& history, const AuditPolicy& policy) {
  const auto latest = history.latest();
  if (latest && !*latest) return;  // the first audit
  const Result<void> compared = latest ? compare_with(report, **latest, policy) : Result<void>(latest.error());
  if (compared) return;
  report.warnings.push_back("the last audit cannot be read, so nothing is marked as new or fixed: " +
                            compared.error().text);
}

void remember(AuditReport& report, HistoryStore& history) {
  if (const auto added = history.add(report.made, history_record(report)); !added) {
    report.warnings.push_back("this audit is not kept, and the next one will not know it: " + added.error().text);
  }
}

}  // namespace initscan::audit
