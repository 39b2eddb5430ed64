#include "server/api/report_body.h"

#include "common/crypto/sha256.h"
#include "common/json/element.h"
#include "common/names.h"
#include "common/text/ascii.h"
#include "common/time/rfc3339.h"
#include "initscan/model/image_digest.h"
#include "server/api/json_body.h"

#include <algorithm>
#include <array>

#include <simdjson.h>

namespace initscan::server {
namespace {

namespace dom = simdjson::dom;

Result<void> check_keys(const dom::object& object, const std::string& place, std::initializer_list<const char*> known) {
  std::vector<std::string_view> seen;
  for (const auto field : object) {
    if (std::find(known.begin(), known.end(), field.key) == known.end()) {
      return malformed("no key \"" + std::string(field.key) + "\" is known " + place);
    }
    if (std::find(seen.begin(), seen.end(), field.key) != seen.end()) {
      return malformed("the key \"" + std::string(field.key) + "\" twice " + place);
    }
    seen.push_back(field.key);
  }
  return {};
}

Result<void> read_image(const dom::element& root, Report& report) {
  dom::element image;
  dom::object fields;
  if (root["image"].get(image) != simdjson::SUCCESS || image.get(fields) != simdjson::SUCCESS) {
    return malformed("want an object \"image\"");
  }
  if (auto known = check_keys(fields, "in image", {"digest", "reference"}); !known) return known;
  report.digest = text_in(image, "digest");
  report.reference = text_in(image, "reference");
  const bool is_named_alone = image["digest"].error() == simdjson::NO_SUCH_FIELD && !report.reference.empty();
  if (!is_named_alone && !is_image_digest(report.digest)) {
    return malformed("image.digest: want \"sha256:\" and 64 hexadecimal digits, or \"sha512:\" and 128");
  }
  if (report.reference.size() > kMaxReference) {
    return Error{Errc::over_limit, "image.reference: more than " + std::to_string(kMaxReference) + " bytes"};
  }
  return {};
}

Result<void> count_findings(const dom::element& verdict, Report& report) {
  dom::array images;
  if (verdict["images"].get(images) != simdjson::SUCCESS || images.size() != 1) {
    return malformed("verdict.images: want one image; send a report for each");
  }
  dom::array findings;
  if (images.at(0)["findings"].get(findings) != simdjson::SUCCESS) return malformed("a verdict without findings");
  std::size_t count = 0;
  for (const dom::element finding : findings) {
    if (++count > kMaxReportedFindingsRead) return Error{Errc::over_limit, "verdict: too many findings"};
    const auto severity = severity_from(text_in(finding, "severity"));
    if (!severity) return malformed("verdict: a finding without a severity that is known");
    std::string_view fixed;
    report.counts.add(*severity, finding["fixed"].get(fixed) == simdjson::SUCCESS);
  }
  return {};
}

Result<void> read_verdict(const dom::element& root, Report& report) {
  dom::element verdict;
  if (root["verdict"].get(verdict) != simdjson::SUCCESS || !verdict.is_object()) {
    return malformed("want an object \"verdict\"");
  }
  if (const std::string_view schema = text_in(verdict, "schema"); schema != names::kVerdictSchema) {
    return Error{Errc::unsupported, "verdict.schema: want \"" + std::string(names::kVerdictSchema) + '"'};
  }
  report.verdict = text_in(verdict, "verdict");
  constexpr std::array<std::string_view, 3> kOutcomes{"pass", "undecided", "fail"};
  if (std::find(kOutcomes.begin(), kOutcomes.end(), report.verdict) == kOutcomes.end()) {
    return malformed("verdict.verdict: want pass, undecided or fail");
  }
  dom::element part;
  if (verdict["policy"].get(part) == simdjson::SUCCESS) report.policy_sha256 = text_in(part, "sha256");
  const bool is_hash =
      report.policy_sha256.size() == 64 && std::all_of(report.policy_sha256.begin(), report.policy_sha256.end(),
                                                       [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  if (!is_hash) return malformed("verdict.policy.sha256: want 64 hexadecimal digits");
  if (verdict["advisories"].get(part) == simdjson::SUCCESS) report.data_date = text_in(part, "date");
  if (report.data_date.size() > kMaxDate) {
    return Error{Errc::over_limit, "verdict.advisories.date: more than " + std::to_string(kMaxDate) + " bytes"};
  }
  if (!report.data_date.empty() && !parse_rfc3339(report.data_date)) {
    return malformed("verdict.advisories.date: want a time such as 2026-11-27T00:00:00Z");
  }
  if (auto counted = count_findings(verdict, report); !counted) return counted;
  report.verdict_sha256 = sha256_hex(simdjson::minify(verdict));
  return {};
}

Result<void> read_sbom(const dom::element& root, ReportBody& body) {
  const auto found = root["sbom"];
  if (found.error() == simdjson::NO_SUCH_FIELD) return {};
  std::string_view text;
  if (found.get(text) != simdjson::SUCCESS) return malformed("sbom: want the document as one text");
  if (text.size() > kMaxStoredSbomBytes) {
    return Error{Errc::over_limit, "sbom: more than " + std::to_string(kMaxStoredSbomBytes) + " bytes"};
  }
  body.sbom = std::string(text);
  body.report.sbom_sha256 = sha256_hex(text);
  return {};
}

}  // namespace

Result<ReportBody> parse_report(std::string_view json) {
  dom::parser parser;
  const auto root = parse_body(parser, json, kMaxReportNesting, names::kReportSchema, "the report");
  if (!root) return root.error();
  const dom::object object = root->get_object().value_unsafe();
  if (auto known = check_keys(object, "in a report", {"schema", "image", "verdict", "sbom"}); !known) {
    return known.error();
  }
  ReportBody body;
  if (auto read = read_image(*root, body.report); !read) return read.error();
  if (auto read = read_verdict(*root, body.report); !read) return read.error();
  if (auto read = read_sbom(*root, body); !read) return read.error();
  return body;
}

}  // namespace initscan::server
