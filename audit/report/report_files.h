#pragma once

#include "audit/model/report.h"
#include "common/result.h"

#include <string>
#include <vector>

namespace initscan::audit {

// Each a pure function: same report, same bytes.
std::string html_report(const AuditReport& report);
std::string markdown_report(const AuditReport& report);
std::string json_report(const AuditReport& report);
std::string csv_report(const AuditReport& report);
std::string sarif_report(const AuditReport& report);
std::string junit_report(const AuditReport& report);
std::string metrics_report(const AuditReport& report);  // Prometheus' text format, for textfile and Pushgateway

/// Writes audit.FORMAT for each of `formats` (html, md, json, csv, sarif, junit, prom) into a folder, each whole or
/// not at all. Errors: usage - an unknown format; io.
Result<void> write_reports(const AuditReport& report, const std::string& folder,
                           const std::vector<std::string>& formats);

}  // namespace initscan::audit
