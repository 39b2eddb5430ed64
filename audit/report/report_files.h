#pragma once

#include "audit/model/report.h"
#include "audit/report/output.h"
#include "common/result.h"

#include <string>
#include <vector>

namespace initscan::audit {

// Same report, same bytes. Those that grow with the number of workloads go out piece by piece.
void put_html(const AuditReport& report, Output& out);
void put_json(const AuditReport& report, Output& out);
void put_csv(const AuditReport& report, Output& out);
void put_sarif(const AuditReport& report, Output& out);
void put_junit(const AuditReport& report, Output& out);
std::string markdown_report(const AuditReport& report);
std::string metrics_report(const AuditReport& report);  // Prometheus' text format, for textfile and Pushgateway

/// Writes audit.FORMAT, audit.junit.xml, for each of `formats` (html, md, json, csv, sarif, junit, prom) into a folder,
/// each whole or not at all. Errors: usage - an unknown format; io.
Result<void> write_reports(const AuditReport& report, const std::string& folder,
                           const std::vector<std::string>& formats);

}  // namespace initscan::audit
