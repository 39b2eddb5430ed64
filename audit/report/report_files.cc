#include "audit/report/report_files.h"

#include "common/file_io.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

struct Format {
  std::string_view name;
  std::string (*make)(const AuditReport&);
};

constexpr std::array kFormats = {Format{"html", html_report},   Format{"md", markdown_report},
                                 Format{"json", json_report},   Format{"csv", csv_report},
                                 Format{"sarif", sarif_report}, Format{"junit", junit_report},
                                 Format{"prom", metrics_report}};

const Format* find_format(std::string_view name) {
  const auto at = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& f) { return f.name == name; });
  return at == kFormats.end() ? nullptr : &*at;
}

}  // namespace

Result<void> write_reports(const AuditReport& report, const std::string& folder,
                           const std::vector<std::string>& formats) {
  for (const std::string& name : formats) {
    if (!find_format(name)) {
      return Error{Errc::usage, "no format \"" + name + "\"; there are html, md, json, csv, sarif, junit and prom"};
    }
  }
  for (const std::string& name : formats) {
    const std::string path = folder + "/audit." + name;
    auto written = write_file(path, find_format(name)->make(report));
    if (!written) return Error{written.error()}.within(path);
  }
  return {};
}

}  // namespace initscan::audit
