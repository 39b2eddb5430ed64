#include "audit/report/report_files.h"

#include "common/file_io.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

struct Format {
  std::string_view name;
  void (*put)(const AuditReport&, Output&);
};

template <std::string (*make)(const AuditReport&)>
void put_whole(const AuditReport& report, Output& out) {
  out.put(make(report));
}

constexpr std::array kFormats = {Format{"html", put_html},
                                 Format{"md", put_whole<markdown_report>},
                                 Format{"json", put_json},
                                 Format{"csv", put_csv},
                                 Format{"sarif", put_sarif},
                                 Format{"junit", put_junit},
                                 Format{"prom", put_whole<metrics_report>}};

class FileOutput : public Output {
 public:
  explicit FileOutput(FileWriter& file) : file_(file) {}
  void put(std::string_view piece) override { file_.write(piece); }

 private:
  FileWriter& file_;
};

Result<void> write_report(const AuditReport& report, const Format& format, const std::string& path) {
  auto file = FileWriter::create(path);
  if (!file) return file.error();
  FileOutput out(*file);
  format.put(report, out);
  return file->commit();
}

const Format* find_format(std::string_view name) {
  const auto at = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& f) { return f.name == name; });
  return at == kFormats.end() ? nullptr : &*at;
}

}  // namespace

Result<void> write_reports(const AuditReport& report, const std::string& folder,
                           const std::vector<std::string>& formats) {
  for (const std::string& name : formats) {
    if (!find_format(name)) {
      return Error{Errc::usage, "no format \"" + name + "\"; want html, md, json, csv, sarif, junit or prom"};
    }
  }
  for (const std::string& name : formats) {
    // What CI collects as results of tests are files that end in xml.
    const std::string path = folder + "/audit." + name + (name == "junit" ? ".xml" : "");
    auto written = write_report(report, *find_format(name), path);
    if (!written) return std::move(written).error().within(path);
  }
  return {};
}

}  // namespace initscan::audit
