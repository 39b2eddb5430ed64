#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/rpm_release.h"

#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxPhotonBytes = 64 << 20;

// Which release a document is about its fixes alone say, and they agree.
Result<std::string> ecosystem_of(const dom::array& entries) {
  std::string ecosystem;
  for (const dom::element entry : entries) {
    std::string of_entry = ecosystem_of_build(text_in(entry, "res_ver"));
    if (of_entry.empty() || of_entry == ecosystem) continue;
    if (!ecosystem.empty()) return Error{Errc::malformed, "res_ver: of " + ecosystem + " and of " + of_entry};
    ecosystem = std::move(of_entry);
  }
  if (ecosystem.empty())
    return Error{Errc::malformed, "res_ver: want a version such as 1.2-3.ph5 in one of the entries"};
  return ecosystem;
}

void read_status(const dom::element& entry, AffectedPackage& affected) {
  const std::string_view status = text_in(entry, "status");
  const std::string_view fixed = text_in(entry, "res_ver");
  if (status == "Not Affected") {
    affected.status = AdvisoryStatus::not_affected;
    affected.ranges.push_back({});
  } else if (status != "Fixed") {
    affected.unclear.emplace_back("a status that is not known");
  } else if (fixed.empty() || fixed == "NA") {
    affected.unclear.emplace_back("the version of its fix is not given");
  } else {
    affected.ranges.push_back({"", std::string(fixed), ""});
  }
}

Result<FeedRecord> read_entry(const dom::element& entry, const std::string& ecosystem) {
  Advisory advisory;
  AffectedPackage affected;
  advisory.id = text_in(entry, "cve_id");
  affected.name = text_in(entry, "pkg");
  if (advisory.id.empty()) return Error{Errc::malformed, "cve_id: want an id"};
  if (affected.name.empty()) return Error{Errc::malformed, advisory.id + ": pkg: want the name of a package"};
  affected.ecosystem = ecosystem;
  read_status(entry, affected);
  double score = -1;
  if (entry["cve_score"].get(score) == simdjson::SUCCESS && score >= 0 && score <= 10) {
    affected.cvss = score;
    affected.severity = severity_of_score(score);
  }
  advisory.affected.push_back(std::move(affected));
  FeedRecord record;
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_photon(std::string_view json, const RecordSink& sink) {
  thread_local dom::parser parser(kMaxPhotonBytes);
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  dom::array entries;
  if (root->get(entries) != simdjson::SUCCESS) return Error{Errc::malformed, "want a list of vulnerabilities"};
  const auto ecosystem = ecosystem_of(entries);
  if (!ecosystem) return ecosystem.error();
  std::size_t number = 0;
  for (const dom::element entry : entries) {
    auto record = read_entry(entry, *ecosystem);
    if (!record) return std::move(record).error().within(std::to_string(number));
    sink(std::move(*record));
    ++number;
  }
  return {};
}

}  // namespace initscan
