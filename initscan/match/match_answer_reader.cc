#include "common/json/parse_dom.h"
#include "common/names.h"
#include "common/text/ascii.h"
#include "common/time/day.h"
#include "common/time/rfc3339.h"
#include "initscan/match/ecosystem.h"
#include "initscan/match/match_answer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxNesting = 8;
constexpr std::size_t kMaxAliases = 1'000;  // of one finding
constexpr double kWorstCvss = 10;

constexpr std::array<std::string_view, 11> kAnswerKeys{"schema",         "sbomSha256", "packages",  "checked",
                                                       "advisoriesDate", "dataDates",  "overLimit", "noData",
                                                       "unmatched",      "doubts",     "findings"};
// Of what is in doubt; a finding lacks the last.
constexpr std::array<std::string_view, 11> kDoubtKeys{"package",  "name", "version",   "id",      "aliases", "fixed",
                                                      "severity", "cvss", "published", "summary", "why"};
constexpr auto kFindingKeys = std::span(kDoubtKeys).first<kDoubtKeys.size() - 1>();
// Of either, where more is known than that a package is affected.
constexpr std::array<std::string_view, 5> kOptionalKeys{"status", "malicious", "knownExploited", "epss", "percentile"};
// Of an answer with an overlay.
constexpr std::array<std::string_view, 2> kOverlayKeys{"overlay", "supportEnd"};

// An object whose keys are all needed but for `optional`, each once, and no other. The first fault stays, and what is
// read after it is empty.
class Members {
 public:
  Members(const dom::element& element, std::string place, std::span<const std::string_view> keys,
          std::span<const std::string_view> optional = {})
      : place_(std::move(place)), element_(element) {
    check_keys(keys, optional);
  }

  bool has(std::string_view key) const {
    dom::element value;
    return !error_ && element_[key].get(value) == simdjson::SUCCESS;
  }

  std::string text(std::string_view key) {
    std::string_view value;
    if (!error_ && element_[key].get(value) != simdjson::SUCCESS) fail(std::string(key) + ": want a text");
    return std::string(error_ ? std::string_view() : value);
  }

  bool flag(std::string_view key) {
    bool value = false;
    return !error_ && element_[key].get(value) == simdjson::SUCCESS && value;
  }

  std::size_t number(std::string_view key) {
    std::uint64_t value = 0;
    if (!error_ && element_[key].get(value) != simdjson::SUCCESS) fail(std::string(key) + ": want a whole number");
    return error_ ? 0 : value;
  }

  std::vector<std::string> texts(std::string_view key, std::size_t most) {
    std::vector<std::string> all;
    for (const dom::element item : list(key, most)) {
      std::string_view value;
      if (item.get(value) != simdjson::SUCCESS) {
        fail(std::string(key) + ": want texts");
        return {};
      }
      all.emplace_back(value);
    }
    return all;
  }

  /// A score, or null: -1.
  double score(std::string_view key) {
    if (error_ || element_[key].is_null()) return -1;
    double value = 0;
    if (element_[key].get(value) != simdjson::SUCCESS || !(value >= 0 && value <= kWorstCvss)) {
      fail(std::string(key) + ": want a number from 0 to 10, or null");
      return -1;
    }
    return value;
  }

  double share(std::string_view key) {
    double value = 0;
    if (!error_ && (element_[key].get(value) != simdjson::SUCCESS || !(value >= 0 && value <= 1))) {
      fail(std::string(key) + ": want a number from 0 to 1");
    }
    return error_ ? -1 : value;
  }

  /// A day.
  std::string day(std::string_view key) {
    std::string value = text(key);
    if (!parse_day(value)) fail(std::string(key) + ": want a day such as 2026-11-27");
    return value;
  }

  /// A time, or "".
  std::string time(std::string_view key) {
    std::string value = text(key);
    if (!value.empty() && !parse_rfc3339(value)) fail(std::string(key) + ": want a time such as 2026-11-27T00:00:00Z");
    return value;
  }

  std::vector<dom::element> list(std::string_view key, std::size_t most) {
    dom::array array;
    if (!error_ && element_[key].get(array) != simdjson::SUCCESS) fail(std::string(key) + ": want a list");
    if (error_) return {};
    std::vector<dom::element> all;
    for (const dom::element item : array) {
      if (all.size() == most) {
        fail(std::string(key) + ": more than " + std::to_string(most) + " entries", Errc::over_limit);
        return {};
      }
      all.push_back(item);
    }
    return all;
  }

  /// Texts by their names.
  std::map<std::string, std::string> times(std::string_view key, std::size_t most) {
    std::map<std::string, std::string> all;
    dom::object object;
    if (!error_ && element_[key].get(object) != simdjson::SUCCESS) fail(std::string(key) + ": want an object");
    if (error_) return all;
    for (const auto field : object) {
      std::string_view value;
      if (field.value.get(value) != simdjson::SUCCESS || (!value.empty() && !parse_rfc3339(value))) {
        fail(std::string(key) + ": want times such as 2026-11-27T00:00:00Z");
        return {};
      }
      if (all.size() == most || !all.emplace(field.key, value).second) {
        fail(std::string(key) + ": a release twice, or more than " + std::to_string(most));
        return {};
      }
    }
    return all;
  }

  void fail(const std::string& what, Errc code = Errc::malformed) {
    if (!error_) error_ = Error{code, place_.empty() ? what : place_ + ": " + what};
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  void check_keys(std::span<const std::string_view> keys, std::span<const std::string_view> optional) {
    const auto is_in = [](std::span<const std::string_view> list, std::string_view key) {
      return std::find(list.begin(), list.end(), key) != list.end();
    };
    dom::object object;
    if (element_.get(object) != simdjson::SUCCESS) return fail("want an object");
    std::set<std::string_view> seen;
    for (const auto field : object) {
      if (!is_in(keys, field.key) && !is_in(optional, field.key)) {
        return fail("no key \"" + std::string(field.key) + "\" is known here");
      }
      if (!seen.insert(field.key).second) return fail("the key \"" + std::string(field.key) + "\" twice");
    }
    for (const std::string_view key : keys) {
      if (!seen.contains(key)) return fail("want a key \"" + std::string(key) + '"');
    }
  }

  std::string place_;
  dom::element element_;
  std::optional<Error> error_;
};

// What says nothing more than is said without it is not written, either.
void read_status(Members& members, Finding& finding) {
  if (members.has("status")) {
    const auto status = finding_status_from(members.text("status"));
    if (!status || *status == FindingStatus::affected) members.fail("status: want one that is known");
    finding.status = status.value_or(FindingStatus::affected);
  }
  if (members.has("malicious")) {
    if (!members.flag("malicious")) members.fail("malicious: want true");
    finding.is_malicious = true;
  }
}

void read_exploitation(Members& members, Exploitation& exploitation) {
  if (members.has("knownExploited")) exploitation.known_since = members.day("knownExploited");
  if (members.has("epss")) exploitation.epss = members.share("epss");
  if (members.has("percentile")) exploitation.percentile = members.share("percentile");
}

Finding finding_in(Members& members, const Sbom& sbom) {
  Finding finding;
  const std::size_t place = members.number("package");
  const std::string name = members.text("name");
  const std::string version = members.text("version");
  if (members.error()) return finding;
  if (place >= sbom.packages.size() || sbom.packages[place].name != name || sbom.packages[place].version != version) {
    members.fail("it is about \"" + name + ' ' + version + "\", which the SBOM does not have there");
    return finding;
  }
  finding.package = sbom.packages[place];
  finding.id = members.text("id");
  if (finding.id.empty()) members.fail("a vulnerability without an id");
  finding.aliases = members.texts("aliases", kMaxAliases);
  finding.fixed = members.text("fixed");
  const auto severity = severity_from(members.text("severity"));
  if (!severity) members.fail("severity: want one that is known");
  finding.severity = severity.value_or(Severity::unknown);
  finding.cvss = members.score("cvss");
  finding.published = members.text("published");
  finding.summary = members.text("summary");
  read_status(members, finding);
  read_exploitation(members, finding.exploitation);
  return finding;
}

std::string numbered(std::string_view list, std::size_t number) {
  return std::string(list) + '[' + std::to_string(number) + ']';
}

Result<void> read_findings(Members& root, const Sbom& sbom, MatchAnswer& answer) {
  const auto findings = root.list("findings", kMaxAnswerFindings);
  const auto doubts = root.list("doubts", kMaxAnswerFindings - findings.size());
  if (root.error()) return *root.error();
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Members members(findings[i], numbered("findings", i), kFindingKeys, kOptionalKeys);
    answer.result.findings.push_back(finding_in(members, sbom));
    if (members.error()) return *members.error();
  }
  for (std::size_t i = 0; i < doubts.size(); ++i) {
    Members members(doubts[i], numbered("doubts", i), kDoubtKeys, kOptionalKeys);
    Finding finding = finding_in(members, sbom);
    answer.doubts.push_back({std::move(finding), members.text("why")});
    if (members.error()) return *members.error();
  }
  return {};
}

// Whether the answer is about this SBOM, and says something of all of it.
void check(Members& root, std::size_t packages, const MatchResult& result, const Sbom& sbom) {
  if (packages != sbom.packages.size()) {
    return root.fail("it is about " + std::to_string(packages) + " packages, and the SBOM has " +
                     std::to_string(sbom.packages.size()));
  }
  if (result.checked > packages) return root.fail("more packages were checked than there are");
  const bool is_explained = !result.over_limit.empty() || !result.no_data.empty() || !result.unmatched.empty();
  if (result.checked < packages && !is_explained) return root.fail("it does not say why not all packages were checked");
  if (result.checked > 0 && result.data_dates.empty())
    return root.fail("it does not say what packages were compared with");
  std::set<std::string> own;
  std::set<PackageType> types;
  for (const Package& package : sbom.packages) types.insert(package.type);
  for (const PackageType type : types) {
    if (const auto ecosystem = ecosystem_of(type, sbom)) own.insert(ecosystem->release);
  }
  for (const auto& [release, date] : result.data_dates) {
    if (!own.contains(release)) return root.fail("the SBOM is not of \"" + release + '"');
  }
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Result<MatchAnswer> read_match_answer(std::string_view json, const Sbom& sbom) {
  if (json.size() > kMaxMatchAnswerBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxMatchAnswerBytes) + " bytes"};
  }
  dom::parser parser;
  if (parser.allocate(json.size(), kMaxNesting) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "not enough memory for it"};
  }
  const auto element = parse_dom(parser, json);
  if (!element) return element.error();
  std::string_view schema;
  if ((*element)["schema"].get(schema) != simdjson::SUCCESS || schema != names::kMatchSchema) {
    return Error{Errc::unsupported, "schema: want \"" + std::string(names::kMatchSchema) + '"'};
  }
  Members root(*element, "", kAnswerKeys, kOverlayKeys);
  MatchAnswer answer;
  answer.sbom_sha256 = root.text("sbomSha256");
  if (!is_sha256(answer.sbom_sha256)) root.fail("sbomSha256: want 64 hexadecimal digits");
  answer.data_date = root.time("advisoriesDate");
  MatchResult& result = answer.result;
  const std::size_t packages = root.number("packages");
  result.checked = root.number("checked");
  result.data_dates = root.times("dataDates", kMaxAnswerReleases);
  if (root.has("overlay")) result.overlay_dates = root.times("overlay", kMaxAnswerOverlaySources);
  if (root.has("supportEnd")) result.support_end = root.day("supportEnd");
  result.over_limit = root.texts("overLimit", kMaxAnswerSentences);
  result.no_data = root.texts("noData", kMaxAnswerSentences);
  result.unmatched = root.texts("unmatched", kMaxAnswerSentences);
  if (!root.error()) check(root, packages, result, sbom);
  if (root.error()) return *root.error();
  if (auto read = read_findings(root, sbom, answer); !read) return read.error();
  return answer;
}

}  // namespace initscan
