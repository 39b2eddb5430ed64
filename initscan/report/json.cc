#include "common/names.h"
#include "common/time/rfc3339.h"
#include "initscan/report/report.h"

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Package& package) {
  return {{"type", to_string(package.type)},
          {"name", package.name},
          {"version", package.version},
          {"architecture", package.architecture},
          {"sourceName", package.source_name},
          {"sourceVersion", package.source_version},
          {"path", package.path}};
}

Json json_of(const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  Json json{{"id", f.id}, {"aliases", f.aliases}, {"package", json_of(f.package)}};
  json["fixed"] = f.fixed.empty() ? Json(nullptr) : Json(f.fixed);
  json["severity"] = to_string(f.severity);
  json["cvss"] = f.cvss < 0 ? Json(nullptr) : Json(f.cvss);
  json["published"] = f.published.empty() ? Json(nullptr) : Json(f.published);
  json["summary"] = f.summary;
  json["status"] = to_string(judged.status);
  json["why"] = judged.why;
  return json;
}

Json json_of(const Coverage& coverage) {
  return {{"filesSeen", coverage.files_seen},     {"unreadable", coverage.unreadable},
          {"otherMounts", coverage.other_mounts}, {"unsupported", coverage.unsupported},
          {"truncated", coverage.truncated},      {"incomplete", coverage.incomplete},
          {"unmatched", coverage.unmatched}};
}

Json sentences_of(const std::vector<Reason>& reasons) {
  Json sentences = Json::array();
  for (const Reason& reason : reasons) sentences.push_back(reason.sentence);
  return sentences;
}

void append_reasons(Json& json, std::string_view effect, const std::vector<Reason>& reasons) {
  for (const Reason& r : reasons) {
    json.push_back({{"id", to_string(r.id)}, {"effect", effect}, {"sentence", r.sentence}});
  }
}

Json json_of(const ImageVerdict& image) {
  Json json{{"index", image.index}, {"image", image.image}, {"verdict", to_string(image.outcome)}};
  json["os"] = {{"id", image.os.id}, {"versionId", image.os.version_id}, {"prettyName", image.os.pretty_name}};
  json["packages"] = image.packages;
  json["coverage"] = json_of(image.coverage);
  json["confinement"] = image.confinement;
  json["undecided"] = sentences_of(image.undecided);
  json["warnings"] = sentences_of(image.warnings);
  json["reasons"] = Json::array();
  append_reasons(json["reasons"], "undecided", image.undecided);
  append_reasons(json["reasons"], "warning", image.warnings);
  json["findingsTotal"] = image.findings_total;
  json["findingsBlocking"] = image.findings_blocking;
  json["findingsExempted"] = image.findings_exempted;
  json["findings"] = Json::array();
  for (const JudgedFinding& judged : image.findings) json["findings"].push_back(json_of(judged));
  return json;
}

}  // namespace

std::string json_report(const Verdict& verdict, std::chrono::sys_seconds evaluated_at) {
  Json json{{"schema", names::kVerdictSchema}, {"verdict", to_string(verdict.outcome)}};
  json["evaluatedAt"] = format_rfc3339(evaluated_at);
  json["policy"] = {{"name", verdict.policy_name},
                    {"sha256", verdict.policy_sha256},
                    {"enforcement", to_string(verdict.enforcement)}};
  json["advisories"]["date"] = verdict.data_date.empty() ? Json(nullptr) : Json(verdict.data_date);
  json["warnings"] = sentences_of(verdict.warnings);
  json["notes"] = sentences_of(verdict.notes);
  json["reasons"] = Json::array();
  append_reasons(json["reasons"], "warning", verdict.warnings);
  append_reasons(json["reasons"], "note", verdict.notes);
  json["images"] = Json::array();
  for (const ImageVerdict& image : verdict.images) json["images"].push_back(json_of(image));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace initscan
