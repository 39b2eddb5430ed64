#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/oval_statement.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/version/numbers.h"

#include <utility>

namespace initscan {
namespace {

// The release of a build: "2" of "0:1.20.7-1.cm2", "3" of "0:3.4.0-1.azl3". The document does not say it otherwise.
std::string release_of(std::string_view version) {
  for (const std::string_view mark : {".cm", ".azl"}) {
    const std::size_t place = version.rfind(mark);
    if (place == version.npos) continue;
    const std::string_view number = version.substr(place + mark.size());
    if (is_number(number)) return std::string(number);
  }
  return {};
}

// What the conditions of one alternative say of its package.
struct Alternative {
  AffectedPackage affected;
  std::string release;
  bool is_clear = true;
};

Alternative read_alternative(const std::vector<const OvalCondition*>& conditions) {
  Alternative alternative;
  AffectedPackage& affected = alternative.affected;
  VersionRange range;
  for (const OvalCondition* const condition : conditions) {
    const bool is_other = !affected.name.empty() && affected.name != condition->package;
    const bool is_range = !condition->evr.operation.empty() && add_to_range(condition->evr, range);
    if (is_other || !is_range) alternative.is_clear = false;
    if (affected.name.empty()) affected.name = condition->package;
    if (alternative.release.empty()) alternative.release = release_of(condition->evr.value);
  }
  affected.ranges = {range};
  return alternative;
}

void add(Alternative&& alternative, const OvalDefinition& definition, Advisory& advisory, FeedRecord& record) {
  AffectedPackage& affected = alternative.affected;
  if (affected.name.empty()) return record.skipped.emplace_back("no package"), void();
  if (alternative.release.empty()) return record.skipped.emplace_back("no release"), void();
  affected.ecosystem = "Azure Linux:" + alternative.release;
  if (!alternative.is_clear || definition.is_unclear) {
    leave_unclear(affected);
  } else if (definition.patchable == "Not Applicable") {  // "either no longer is or was never applicable"
    affected.status = AdvisoryStatus::not_affected;
    affected.ranges = {{}};
  }
  advisory.affected.push_back(std::move(affected));
}

std::string vulnerability_of(const OvalDefinition& definition) {
  for (const auto& [source, id] : definition.references) {
    if (source == "CVE" && is_cve(id)) return id;
  }
  return definition.id;
}

FeedRecord record_of(const OvalDefinition& definition) {
  FeedRecord record;
  Advisory advisory;
  record.id = definition.id;
  record.modified = oval_date(definition.issued);
  advisory.id = vulnerability_of(definition);
  advisory.published = record.modified;
  advisory.severity = severity_of_word(definition.severity);
  advisory.summary = first_line(definition.title);
  for (const auto& conditions : definition.alternatives)
    add(read_alternative(conditions), definition, advisory, record);
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_azure_linux_oval(std::string_view xml, const RecordSink& sink) {
  return read_oval_records(xml, record_of, sink);
}

}  // namespace initscan
