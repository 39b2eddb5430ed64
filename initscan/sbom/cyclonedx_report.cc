#include "initscan/sbom/cyclonedx_report.h"

#include "common/text/plain_number.h"
#include "common/version.h"
#include "initscan/sbom/cyclonedx_writer.h"
#include "initscan/sbom/property_names.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace initscan {
namespace {

using namespace std::string_view_literals;

void write_property(JsonWriter& json, std::string_view name, std::string_view value) {
  json.begin_object().field("name", name).field("value", value).end_object();
}

// CycloneDX has no "negligible".
std::string_view rating_of(Severity severity) {
  return severity == Severity::negligible ? "info"sv : to_string(severity);
}

std::string one_decimal(double score) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.1f", score);
  return text.data();
}

void write_vulnerability(JsonWriter& json, const JudgedFinding& judged, const std::string& ref) {
  const Finding& f = judged.finding;
  json.begin_object().field("id", f.id);
  json.key("ratings").begin_array().begin_object();
  if (f.cvss >= 0) json.key("score").number(one_decimal(f.cvss));
  json.field("severity", rating_of(f.severity)).end_object().end_array();
  if (!f.summary.empty()) json.field("description", f.summary);
  if (f.is_malicious) {
    json.field("recommendation", "Remove " + f.package.name + ": it is malware.");
  } else if (!f.fixed.empty()) {
    json.field("recommendation", "Upgrade " + f.package.source_name + " to " + f.fixed + " or later.");
  }
  if (!f.published.empty()) json.field("published", f.published);
  json.key("affects").begin_array().begin_object().field("ref", ref).end_object().end_array();
  json.key("properties").begin_array();
  for (const std::string& alias : f.aliases) write_property(json, "initscan:alias", alias);
  write_property(json, "initscan:fixed", f.fixed);
  if (f.status != FindingStatus::affected) write_property(json, "initscan:advisoryStatus", to_string(f.status));
  if (f.is_malicious) write_property(json, "initscan:malicious", "true");
  const Exploitation& exploitation = f.exploitation;
  if (!exploitation.known_since.empty()) write_property(json, "initscan:knownExploited", exploitation.known_since);
  if (exploitation.epss >= 0) write_property(json, "initscan:epss", plain_number(exploitation.epss));
  write_property(json, "initscan:status", to_string(judged.status));
  write_property(json, "initscan:why", judged.why);
  json.end_array().end_object();
}

std::string prefix_of(const ImageVerdict& image) {
  return "image-" + image.index + ":";
}

void write_reasons(JsonWriter& json, std::string_view name, const std::string& index,
                   const std::vector<Reason>& reasons) {
  for (const Reason& r : reasons) write_property(json, std::string(name) + index, with_id(r.sentence, r.id));
}

void write_metadata(JsonWriter& json, const Verdict& verdict) {
  json.key("metadata").begin_object();
  json.key("tools").begin_object().key("components").begin_array();
  json.begin_object()
      .field("type", "application"sv)
      .field("name", "initscan"sv)
      .field("version", std::string_view(kVersion));
  json.end_object().end_array().end_object();
  json.key("properties").begin_array();
  write_property(json, kVerdict, to_string(verdict.outcome));
  write_property(json, kPolicy, verdict.policy_name);
  write_property(json, kAdvisoriesDate, verdict.data_date);
  for (const ImageVerdict& image : verdict.images) {
    write_property(json, std::string(kReportedImage) + image.index, image.image);
    write_reasons(json, kUndecided, image.index, image.undecided);
    write_reasons(json, kWarning, image.index, image.warnings);
    write_property(json, std::string(kFindings) + "total:" + image.index, std::to_string(image.findings_total));
    write_property(json, std::string(kFindings) + "blocking:" + image.index, std::to_string(image.findings_blocking));
  }
  json.end_array().end_object();
}

}  // namespace

std::string write_cyclonedx_report(const Verdict& verdict, const std::vector<Sbom>& sboms) {
  JsonWriter json;
  json.begin_object().field("bomFormat", "CycloneDX"sv).field("specVersion", "1.6"sv).field("version", 1u);
  write_metadata(json, verdict);

  json.key("components").begin_array();
  for (std::size_t i = 0; i < sboms.size(); ++i) write_components(json, sboms[i], prefix_of(verdict.images[i]));
  json.end_array();

  json.key("vulnerabilities").begin_array();
  for (std::size_t i = 0; i < sboms.size(); ++i) {
    const std::vector<Package>& packages = sboms[i].packages;
    for (const JudgedFinding& judged : verdict.images[i].findings) {
      const auto place = std::find(std::lower_bound(packages.begin(), packages.end(), judged.finding.package, precedes),
                                   packages.end(), judged.finding.package);
      const auto number = static_cast<std::size_t>(place - packages.begin());
      write_vulnerability(json, judged, package_ref(prefix_of(verdict.images[i]), number));
    }
  }
  json.end_array().end_object();
  std::string text = json.take();
  text += '\n';
  return text;
}

}  // namespace initscan
