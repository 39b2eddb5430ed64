#include "common/json/writer.h"
#include "common/names.h"
#include "common/text/plain_number.h"
#include "initscan/match/match_answer.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace initscan {
namespace {

std::size_t place_of(const Package& package, const Sbom& sbom) {
  const std::vector<Package>& all = sbom.packages;
  const auto found = std::find(std::lower_bound(all.begin(), all.end(), package, precedes), all.end(), package);
  return static_cast<std::size_t>(found - all.begin());
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(std::string_view(text));
  json.end_array();
}

// The members of a finding, in the object that is open.
void write_finding(JsonWriter& json, const Finding& finding, const Sbom& sbom) {
  json.field("package", place_of(finding.package, sbom));
  json.field("name", finding.package.name).field("version", finding.package.version);
  json.field("id", finding.id);
  write_texts(json, "aliases", finding.aliases);
  json.field("fixed", finding.fixed).field("severity", to_string(finding.severity));
  json.key("cvss");
  if (finding.cvss < 0) {
    json.null();
  } else {
    char digits[32];
    json.number(std::string_view(digits, std::to_chars(std::begin(digits), std::end(digits), finding.cvss).ptr));
  }
  json.field("published", finding.published).field("summary", finding.summary);
  if (finding.status != FindingStatus::affected) json.field("status", to_string(finding.status));
  if (finding.is_malicious) json.field("malicious", true);
  const Exploitation& exploitation = finding.exploitation;
  if (!exploitation.known_since.empty()) json.field("knownExploited", exploitation.known_since);
  if (exploitation.epss >= 0) json.key("epss").number(plain_number(exploitation.epss));
  if (exploitation.percentile >= 0) json.key("percentile").number(plain_number(exploitation.percentile));
}

}  // namespace

std::string write_match_answer(const MatchAnswer& answer, const Sbom& sbom) {
  const MatchResult& result = answer.result;
  JsonWriter json;
  json.begin_object().field("schema", names::kMatchSchema).field("sbomSha256", answer.sbom_sha256);
  json.field("packages", sbom.packages.size()).field("checked", result.checked);
  json.field("advisoriesDate", answer.data_date);
  json.key("dataDates").begin_object();
  for (const auto& [release, date] : result.data_dates) json.field(release, date);
  json.end_object();
  if (!result.overlay_dates.empty()) {
    json.key("overlay").begin_object();
    for (const auto& [source, date] : result.overlay_dates) json.field(source, date);
    json.end_object();
  }
  if (!result.support_end.empty()) json.field("supportEnd", result.support_end);
  write_texts(json, "overLimit", result.over_limit);
  write_texts(json, "noData", result.no_data);
  write_texts(json, "unmatched", result.unmatched);
  json.key("doubts").begin_array();
  for (const auto& [finding, why] : answer.doubts) {
    json.begin_object();
    write_finding(json, finding, sbom);
    json.field("why", why).end_object();
  }
  json.end_array().key("findings").begin_array();
  for (const Finding& finding : result.findings) {
    json.begin_object();
    write_finding(json, finding, sbom);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take() + '\n';
}

}  // namespace initscan
