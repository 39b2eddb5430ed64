#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/redhat_release.h"
#include "initscan/advisory/feed/rpm_component.h"
#include "initscan/advisory/feed/severity_words.h"

#include <optional>
#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxCveBytes = 16 << 20;

// The package, and where the statement holds. nullopt, and why, where it names none that could be looked for.
std::optional<AffectedPackage> start(const dom::element& statement, std::string_view package, std::string& why) {
  AffectedPackage affected;
  const std::string_view cpe = text_in(statement, "cpe");
  affected.ecosystem = redhat_ecosystem(cpe);
  affected.scope.cpes = {std::string(cpe)};
  const std::size_t slash = package.find('/');
  const std::string_view module = slash == package.npos ? std::string_view() : package.substr(0, slash);
  affected.name = slash == package.npos ? package : package.substr(slash + 1);
  if (module.find(':') != module.npos) affected.scope.module = module;
  if (affected.ecosystem.empty()) {
    why = "a product without a CPE of the vendor's";
  } else if (package.empty()) {
    why = "no package";
  } else if (!module.empty() && affected.scope.module.empty()) {
    why = "a container image";  // "rhel8/nodejs-12"
  } else {
    return affected;
  }
  return std::nullopt;
}

void read_fix(const dom::element& fix, Advisory& advisory, FeedRecord& record) {
  const std::string_view package = text_in(fix, "package");
  // As in NEVRA, without the architecture: it is the source package.
  const auto build = rpm_of_nevra(std::string(package) + ".src");
  std::string why;
  auto affected = start(fix, build ? std::string_view(build->name) : package, why);
  if (affected && !build) why = "a whole product, module or image";
  if (!affected || !build) return record.skipped.push_back("fixed: " + why), void();
  affected->ranges.push_back({"", build->version, ""});
  advisory.affected.push_back(std::move(*affected));
}

std::optional<AdvisoryStatus> status_of(std::string_view words) {
  constexpr std::pair<std::string_view, AdvisoryStatus> kWords[] = {
      {"Affected", AdvisoryStatus::affected},         {"Fix deferred", AdvisoryStatus::deferred},
      {"Will not fix", AdvisoryStatus::will_not_fix}, {"Out of support scope", AdvisoryStatus::end_of_life},
      {"Not affected", AdvisoryStatus::not_affected}, {"Under investigation", AdvisoryStatus::under_investigation},
      {"New", AdvisoryStatus::under_investigation}};
  for (const auto& [known, status] : kWords) {
    if (known == words) return status;
  }
  return std::nullopt;
}

void read_state(const dom::element& state, Advisory& advisory, FeedRecord& record) {
  std::string why;
  auto affected = start(state, text_in(state, "package_name"), why);
  if (!affected) return record.skipped.push_back(why), void();
  if (const auto status = status_of(text_in(state, "fix_state"))) {
    affected->status = *status;
    affected->ranges.push_back({});
  } else {
    affected->unclear.emplace_back("a state that is not known");
  }
  advisory.affected.push_back(std::move(*affected));
}

// A list, or what stands in place of a list of one.
template <class Read>
void for_each(const dom::element& document, std::string_view key, const Read& read) {
  dom::element value;
  if (document[key].get(value) != simdjson::SUCCESS) return;
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return read(value);
  for (const dom::element item : list) read(item);
}

FeedRecord read_document(const dom::element& document, std::string_view id) {
  FeedRecord record;
  Advisory advisory;
  record.id = id;
  advisory.id = id;
  advisory.severity = severity_of_word(text_in(document, "threat_severity"));
  advisory.published = text_in(document, "public_date");
  advisory.summary = first_line(text_in(document["bugzilla"], "description"));
  CvssRating rating;
  if (const std::string_view v3 = text_in(document["cvss3"], "cvss3_scoring_vector"); !v3.empty()) rating.add(v3);
  if (const std::string_view v2 = text_in(document["cvss"], "cvss_scoring_vector"); !v2.empty()) rating.add(v2);
  record.notes.insert(record.notes.end(), rating.unreadable(), "a CVSS vector that cannot be parsed");
  advisory.cvss = rating.score();
  for_each(document, "affected_release", [&](const dom::element& fix) { read_fix(fix, advisory, record); });
  for_each(document, "package_state", [&](const dom::element& state) { read_state(state, advisory, record); });
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_redhat_cve(std::string_view json, const RecordSink& sink) {
  thread_local dom::parser parser(kMaxCveBytes);
  const auto document = parse_dom(parser, json);
  if (!document) return document.error();
  const std::string_view id = text_in(*document, "name");
  if (id.empty()) return Error{Errc::malformed, "name: want the id of a vulnerability"};
  sink(read_document(*document, id));
  return {};
}

}  // namespace initscan
