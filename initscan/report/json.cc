#include "common/json/writer.h"
#include "common/names.h"
#include "common/text/plain_number.h"
#include "common/time/rfc3339.h"
#include "initscan/report/report.h"

#include <charconv>

namespace initscan {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kBytesOfFinding = 400;  // what most take, without lines and indents

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& one : texts) json.value(std::string_view(one));
  json.end_array();
}

// The shortest that reads as the same again; a whole one with its ".0", so that it stays a fraction to every reader.
void write_score(JsonWriter& json, double score) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), score).ptr;
  std::string number(std::begin(digits), end);
  if (number.find_first_not_of("0123456789") == number.npos) number += ".0";
  json.number(number);
}

// A package in the text so far, between these places. Findings come by package, and most packages have many.
struct WrittenPackage {
  const Package* package = nullptr;
  std::size_t first = 0;
  std::size_t last = 0;
};

void write_package(JsonWriter& json, const Package& package, WrittenPackage& before) {
  json.key("package");
  if (before.package != nullptr && *before.package == package) {
    json.again(before.first, before.last);
    return;
  }
  before = {.package = &package, .first = json.text().size(), .last = 0};
  json.begin_object();
  json.field("type", to_string(package.type));
  json.field("name", package.name);
  json.field("version", package.version);
  json.field("architecture", package.architecture);
  json.field("sourceName", package.source_name);
  json.field("sourceVersion", package.source_version);
  json.field("path", package.path);
  if (!package.module.empty()) json.field("module", package.module);
  json.end_object();
  before.last = json.text().size();
}

// What nobody knows is not there.
void write_exploitation(JsonWriter& json, const Exploitation& exploitation) {
  if (!exploitation.known_since.empty()) json.field("knownExploited", exploitation.known_since);
  if (exploitation.epss < 0) return;
  json.key("epss").begin_object().key("score").number(plain_number(exploitation.epss));
  if (exploitation.percentile >= 0) json.key("percentile").number(plain_number(exploitation.percentile));
  json.end_object();
}

void write_finding(JsonWriter& json, const JudgedFinding& judged, WrittenPackage& before) {
  const Finding& f = judged.finding;
  json.begin_object();
  json.field("id", f.id);
  write_texts(json, "aliases", f.aliases);
  write_package(json, f.package, before);
  json.field_or_null("fixed", f.fixed);
  if (f.status != FindingStatus::affected) json.field("advisoryStatus", to_string(f.status));
  if (f.is_malicious) json.field("malicious", true);
  json.field("severity", to_string(f.severity));
  json.key("cvss");
  if (f.cvss < 0) {
    json.null();
  } else {
    write_score(json, f.cvss);
  }
  write_exploitation(json, f.exploitation);
  json.field_or_null("published", f.published);
  json.field("summary", f.summary);
  json.field("status", to_string(judged.status));
  json.field("why", judged.why);
  json.end_object();
}

void write_coverage(JsonWriter& json, const Coverage& coverage) {
  json.key("coverage").begin_object();
  json.field("filesSeen", coverage.files_seen).field("unreadable", coverage.unreadable);
  json.field("otherMounts", coverage.other_mounts).field("unsupported", coverage.unsupported);
  json.field("truncated", coverage.truncated);
  write_texts(json, "incomplete", coverage.incomplete);
  write_texts(json, "unmatched", coverage.unmatched);
  json.end_object();
}

void write_sentences(JsonWriter& json, std::string_view key, const std::vector<Reason>& reasons) {
  json.key(key).begin_array();
  for (const Reason& reason : reasons) json.value(std::string_view(reason.sentence));
  json.end_array();
}

void write_reasons(JsonWriter& json, std::string_view effect, const std::vector<Reason>& reasons) {
  for (const Reason& reason : reasons) {
    json.begin_object();
    json.field("id", to_string(reason.id));
    json.field("effect", effect);
    json.field("sentence", reason.sentence);
    json.end_object();
  }
}

void write_image(JsonWriter& json, const ImageVerdict& image) {
  json.begin_object();
  json.field("index", image.index);
  json.field("image", image.image);
  json.field("verdict", to_string(image.outcome));
  json.key("os").begin_object();
  json.field("id", image.os.id);
  json.field("versionId", image.os.version_id);
  json.field("prettyName", image.os.pretty_name);
  json.end_object().field("packages", image.packages);
  write_coverage(json, image.coverage);
  json.field("confinement", image.confinement);
  write_sentences(json, "undecided", image.undecided);
  write_sentences(json, "warnings", image.warnings);
  json.key("reasons").begin_array();
  write_reasons(json, "undecided", image.undecided);
  write_reasons(json, "warning", image.warnings);
  json.end_array();
  json.field("findingsTotal", image.findings_total).field("findingsBlocking", image.findings_blocking);
  json.field("findingsExempted", image.findings_exempted);
  json.key("findings").begin_array();
  WrittenPackage before;
  for (const JudgedFinding& judged : image.findings) write_finding(json, judged, before);
  json.end_array().end_object();
}

void write_overlay(JsonWriter& json, const std::map<std::string, std::string>& dates) {
  if (dates.empty()) return;
  json.key("overlay").begin_object();
  for (const auto& [source, date] : dates) json.field_or_null(source, date);
  json.end_object();
}

}  // namespace

std::string json_report(const Verdict& verdict, std::chrono::sys_seconds evaluated_at, JsonReader reader) {
  JsonWriter json = reader == JsonReader::person ? JsonWriter(kIndent) : JsonWriter();
  std::size_t findings = 0;
  for (const ImageVerdict& image : verdict.images) findings += image.findings.size();
  json.reserve((1 + findings) * kBytesOfFinding);
  json.begin_object();
  json.field("schema", names::kVerdictSchema);
  json.field("verdict", to_string(verdict.outcome));
  json.field("evaluatedAt", format_rfc3339(evaluated_at));
  json.key("policy").begin_object();
  json.field("name", verdict.policy_name);
  json.field("sha256", verdict.policy_sha256);
  json.field("enforcement", to_string(verdict.enforcement));
  json.end_object().key("advisories").begin_object();
  json.field_or_null("date", verdict.data_date);
  json.end_object();
  write_overlay(json, verdict.overlay_dates);
  write_sentences(json, "warnings", verdict.warnings);
  write_sentences(json, "notes", verdict.notes);
  json.key("reasons").begin_array();
  write_reasons(json, "warning", verdict.warnings);
  write_reasons(json, "note", verdict.notes);
  json.end_array().key("images").begin_array();
  for (const ImageVerdict& image : verdict.images) write_image(json, image);
  json.end_array().end_object();
  return json.take() + '\n';
}

}  // namespace initscan
