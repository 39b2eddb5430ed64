#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/joined_statements.h"
#include "initscan/advisory/feed/oval_statement.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/version/numbers.h"

#include <utility>

namespace initscan {
namespace {

constexpr std::string_view kReleasePackage = "oraclelinux-release";

// "^8" -> "8"
std::string release_of(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  return is_number(pattern) ? std::string(pattern) : std::string();
}

// What stands before `tail` in a comment: "nodejs:10" of "Module nodejs:10 is enabled". "" of another comment.
std::string between(std::string_view comment, std::string_view head, std::string_view tail) {
  if (comment.size() < head.size() + tail.size() || !comment.starts_with(head) || !comment.ends_with(tail)) return {};
  return std::string(comment.substr(head.size(), comment.size() - head.size() - tail.size()));
}

// Excerpts of the document lack parts of tests whose comments say the same in fixed words.
OvalCondition by_comment(const OvalCondition& unknown) {
  OvalCondition condition = unknown;
  const std::string_view comment = condition.comment;
  constexpr std::string_view kEarlier = " is earlier than ";
  const std::size_t earlier = comment.find(kEarlier);
  const std::string release = between(comment, "Oracle Linux ", " is installed");
  const std::string architecture = between(comment, "Oracle Linux arch is ", "");
  condition.is_unknown = false;
  if (earlier != comment.npos) {
    condition.package = comment.substr(0, earlier);
    condition.evr = {"less than", std::string(comment.substr(earlier + kEarlier.size()))};
  } else if (!architecture.empty()) {
    condition.package = kReleasePackage;
    condition.architecture = {"pattern match", architecture};
  } else if (!release.empty()) {
    condition.package = kReleasePackage;
    condition.version = {"pattern match", '^' + release};
  } else if (!between(comment, "", " is ksplice-based").empty()) {
    condition.release = {"pattern match", "ksplice"};
  } else {
    condition.is_signature = comment.find(" is signed with the Oracle Linux ") != comment.npos;
    condition.is_unknown = !condition.is_signature;
  }
  return condition;
}

// Builds of the same packages for other kernels and for certified cryptography have versions that do not compare with
// the ordinary ones.
std::string flavour_of(const OvalCondition& condition) {
  for (const std::string_view flavour : {"ksplice", "fips"}) {
    if (condition.evr.value.find(flavour) != std::string::npos || condition.release.value == flavour)
      return std::string(flavour);
  }
  return {};
}

// What the conditions of one alternative come to.
struct Alternative {
  AffectedPackage affected;
  std::string release;
  bool is_clear = true;
};

void read_package(const OvalCondition& condition, Alternative& alternative) {
  AffectedPackage& affected = alternative.affected;
  if (!affected.name.empty() && affected.name != condition.package) alternative.is_clear = false;
  affected.name = condition.package;
  if (affected.ranges.empty()) affected.ranges.emplace_back();
  if (!add_to_range(condition.evr, affected.ranges[0])) alternative.is_clear = false;
}

void read_condition(const OvalCondition& condition, Alternative& alternative) {
  if (condition.package == kReleasePackage) {
    const std::string release = release_of(condition.version.value);
    if (!release.empty()) alternative.release = release;
    if (!condition.architecture.operation.empty())
      alternative.affected.scope.architectures = architectures_of(condition.architecture);
    return;
  }
  if (const std::string flavour = flavour_of(condition); !flavour.empty()) alternative.affected.scope.flavour = flavour;
  if (!condition.evr.operation.empty()) return read_package(condition, alternative);
  const std::string module = between(condition.comment, "Module ", " is enabled");
  if (!module.empty()) {
    alternative.affected.scope.module = module;
  } else if (!condition.is_signature && condition.release.operation.empty()) {
    alternative.is_clear = false;
  }
}

Alternative read_alternative(const std::vector<const OvalCondition*>& conditions) {
  Alternative alternative;
  for (const OvalCondition* const condition : conditions)
    read_condition(condition->is_unknown ? by_comment(*condition) : *condition, alternative);
  return alternative;
}

void add(Alternative&& alternative, JoinedStatements& statements, FeedRecord& record) {
  AffectedPackage& affected = alternative.affected;
  if (affected.name.empty()) return record.skipped.emplace_back("no package"), void();
  if (alternative.release.empty()) return record.skipped.emplace_back("no release"), void();
  affected.ecosystem = "Oracle:" + alternative.release;
  if (!alternative.is_clear) leave_unclear(affected);
  if (!statements.add(std::move(affected))) record.skipped.emplace_back("one more architecture of a package");
}

std::string announcement(const OvalDefinition& definition) {
  for (const auto& [source, id] : definition.references) {
    if (source == "elsa" && !id.empty()) return id;
  }
  return definition.id;
}

FeedRecord record_of(const OvalDefinition& definition) {
  FeedRecord record;
  Advisory advisory;
  record.id = announcement(definition);
  record.modified = oval_date(definition.updated.empty() ? definition.issued : definition.updated);
  record.regression_update = is_regression_update(definition.title);
  advisory.id = record.id;
  advisory.published = oval_date(definition.issued);
  advisory.severity = severity_of_word(definition.severity);
  advisory.summary = first_line(definition.title);
  for (const auto& [source, id] : definition.references) {
    if (source == "CVE" && is_cve(id)) advisory.upstream.push_back(id);
  }
  JoinedStatements statements;
  for (const auto& conditions : definition.alternatives) {
    Alternative alternative = read_alternative(conditions);
    alternative.is_clear = alternative.is_clear && !definition.is_unclear;
    add(std::move(alternative), statements, record);
  }
  advisory.affected = statements.take();
  if (advisory.upstream.empty()) {  // an enhancement or a repair of something else: every image would have it
    record.skipped.emplace_back("an update that fixes no vulnerability");
    return record;
  }
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_oracle_oval(std::string_view xml, const RecordSink& sink) {
  return read_oval_records(xml, record_of, sink);
}

}  // namespace initscan
