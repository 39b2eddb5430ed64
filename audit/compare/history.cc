#include "audit/compare/history.h"

#include "audit/compare/compare.h"
#include "audit/compare/deflate.h"
#include "audit/compare/previous.h"

namespace initscan::audit {

void compare_with_history(AuditReport& report, HistoryStore& history, const AuditPolicy& policy) {
  const auto latest = history.latest();
  if (latest && !*latest) return;  // the first audit
  const EarlierAudit earlier = [&](const TakeBytes& take) -> Result<void> {
    if (!latest) return latest.error();
    return inflate((*latest)->packed, kMaxPreviousBytes, take);
  };
  auto compared = compare_with(report, earlier, policy);
  if (compared) return;
  const std::string place = latest ? (*latest)->place + ": " : "";
  report.warnings.push_back("the previous audit cannot be read, so nothing is marked as new or fixed: " + place +
                            compared.error().text);
}

void remember(AuditReport& report, HistoryStore& history) {
  Deflater deflater;
  history_record(report, [&](std::string_view piece) { deflater.put(piece); });
  if (const auto added = history.add(report.made, deflater.finish()); !added) {
    report.warnings.push_back("this audit is not recorded, and the next one will not know of it: " +
                              added.error().text);
  }
}

}  // namespace initscan::audit
