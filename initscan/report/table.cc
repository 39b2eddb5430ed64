#include "common/text/visible.h"
#include "initscan/report/report.h"
#include "initscan/report/text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace initscan {
namespace {

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;

constexpr std::string_view kReset = "\x1b[0m";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return "\x1b[1;31m";
    case Severity::high: return "\x1b[31m";
    case Severity::medium: return "\x1b[33m";
    case Severity::unknown: return "\x1b[35m";
    case Severity::low:
    case Severity::negligible: return "\x1b[2m";
  }
  return "";
}

std::string_view colour_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "\x1b[1;32m";
    case Outcome::undecided: return "\x1b[1;33m";
    case Outcome::fail: return "\x1b[1;31m";
  }
  return "";
}

std::string_view heading_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "PASS";
    case Outcome::undecided: return "UNDECIDED";
    case Outcome::fail: return "FAIL";
  }
  return "UNDECIDED";
}

std::string fix_of(const Finding& finding) {
  if (!finding.is_malicious && !finding.fixed.empty()) return visible(finding.fixed);
  const std::string_view words = instead_of_fix(finding);
  return words == "no fix" ? "-" : std::string(words);
}

Row row_of(const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  return {std::string(to_string(f.severity)),
          visible(f.id),
          visible(f.package.name),
          visible(f.package.version),
          fix_of(f),
          std::string(to_string(judged.status)),
          words_of(f.exploitation)};
}

void append_findings(std::string& out, const ImageVerdict& image, bool colour) {
  if (image.findings.empty()) return;
  std::vector<Row> rows{{"SEVERITY", "ID", "PACKAGE", "INSTALLED", "FIXED IN", "STATUS", ""}};
  for (const JudgedFinding& judged : image.findings) rows.push_back(row_of(judged));
  const bool is_any_known = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !row.back().empty(); });
  if (is_any_known) rows.front().back() = "EXPLOITATION";

  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < kColumns; ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "  ";
    const std::size_t columns = rows[r].back().empty() ? kColumns - 1 : kColumns;
    for (std::size_t c = 0; c < columns; ++c) {
      const bool painted = colour && r > 0 && c == 0;
      if (painted) out += colour_of(image.findings[r - 1].finding.severity);
      out += rows[r][c];
      if (painted) out += kReset;
      if (c + 1 < columns) out.append(widths[c] - width_of(rows[r][c]) + 2, ' ');
    }
    out += '\n';
  }
}

// os-release(5) demands nothing of a file but that its lines are assignments.
std::string name_of(const OsRelease& os) {
  if (!os.pretty_name.empty()) return visible(os.pretty_name);
  if (os.id.empty()) return "no os-release";
  return visible(os.version_id.empty() ? os.id : os.id + ' ' + os.version_id);
}

void append_reasons(std::string& out, std::string_view head, const std::vector<Reason>& reasons) {
  for (const Reason& reason : reasons) out += std::string(head) + with_id(visible(reason.sentence), reason.id) + '\n';
}

void append_image(std::string& out, const ImageVerdict& image, bool colour) {
  out += visible(image.image) + "  (" + name_of(image.os);
  out += ", " + counted(image.packages, "package", "packages") + ")\n";
  append_findings(out, image, colour);
  if (image.findings_total > image.findings.size()) {
    out += "  ... and " + std::to_string(image.findings_total - image.findings.size()) + " more; the worst are shown\n";
  }
  append_reasons(out, "  cannot decide: ", image.undecided);
  append_reasons(out, "  warning: ", image.warnings);
  out += '\n';
}

}  // namespace

std::string table_report(const Verdict& verdict, bool colour) {
  std::string out;
  std::size_t findings = 0;
  std::size_t blocking = 0;
  std::size_t exempted = 0;
  for (const ImageVerdict& image : verdict.images) {
    append_image(out, image, colour);
    findings += image.findings_total;
    exempted += image.findings_exempted;
    blocking += image.findings_blocking;
  }
  append_reasons(out, "warning: ", verdict.warnings);
  append_reasons(out, "note: ", verdict.notes);
  if (verdict.outcome != Outcome::pass) out += "`initscan help ID` explains a STATUS, and what stands in [brackets]\n";
  if (colour) out += colour_of(verdict.outcome);
  out += heading_of(verdict.outcome);
  if (colour) out += kReset;
  out += "  " + counted(findings, "finding", "findings") +
         (exempted > 0 ? ", " + std::to_string(exempted) + " exempted" : "") + ", " + std::to_string(blocking) +
         " blocking; policy \"" + visible(verdict.policy_name) + "\"" +
         (verdict.enforcement == Enforcement::report ? " (reported only)" : "");
  if (!verdict.data_date.empty()) out += ", advisories of " + visible(verdict.data_date);
  return out + '\n';
}

}  // namespace initscan
