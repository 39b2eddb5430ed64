#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/joined_statements.h"
#include "initscan/advisory/feed/oval_statement.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"

#include <utility>

namespace initscan {
namespace {

// A product is told by the package of its release; what it is called, "SUSE Linux Enterprise Server 15 SP1-LTSS is
// installed" says alone.
std::string product_of(const OvalCondition& condition) {
  constexpr std::string_view kTail = " is installed";
  const std::string_view comment = condition.comment;
  if (!condition.package.ends_with("-release") || !comment.ends_with(kTail)) return {};
  return std::string(comment.substr(0, comment.size() - kTail.size()));
}

struct Alternative {
  AffectedPackage affected;
  bool is_clear = true;
};

// "python3-cryptography is ==0": no version is. SUSE says so where a product has the package and is not affected.
bool is_not_affected(const OvalCondition& condition) {
  const bool is_zero = condition.version.value == "0" || condition.evr.value == "0:0-0";
  const std::string& operation =
      condition.version.operation.empty() ? condition.evr.operation : condition.version.operation;
  return is_zero && (operation == "equals" || operation == "less than");
}

// "kernel-default is >0:0-0": every version is.
bool is_affected(const OvalCondition& condition) {
  return condition.evr.value == "0:0-0" && condition.evr.operation == "greater than";
}

void read_package(const OvalCondition& condition, Alternative& alternative) {
  AffectedPackage& affected = alternative.affected;
  if (!affected.name.empty() && affected.name != condition.package) alternative.is_clear = false;
  affected.name = condition.package;
  if (!condition.architecture.operation.empty())
    affected.scope.architectures = architectures_of(condition.architecture);
  if (affected.ranges.empty()) affected.ranges.emplace_back();
  if (is_not_affected(condition)) {
    affected.status = AdvisoryStatus::not_affected;
  } else if (!is_affected(condition)) {
    const bool is_range = !condition.evr.operation.empty() && add_to_range(condition.evr, affected.ranges[0]);
    if (!is_range) alternative.is_clear = false;
  }
}

void read_condition(const OvalCondition& condition, const std::string& product, Alternative& alternative) {
  std::string& known = alternative.affected.scope.product;
  if (condition.is_unknown) alternative.is_clear = false;
  if (product.empty()) {
    if (!condition.package.empty() && !condition.is_signature) read_package(condition, alternative);
    return;
  }
  if (!known.empty() && known != product) alternative.is_clear = false;
  known = product;
}

// Of openSUSE a product is a release: "openSUSE Leap 15.6".
std::string ecosystem_of(std::string_view product) {
  constexpr std::string_view kOpen = "openSUSE ";
  return product.starts_with(kOpen) ? "openSUSE:" + std::string(product.substr(kOpen.size())) : "SUSE";
}

void add(Alternative&& alternative, JoinedStatements& statements, FeedRecord& record) {
  AffectedPackage& affected = alternative.affected;
  if (affected.name.empty()) return record.skipped.emplace_back("no package"), void();
  if (affected.scope.product.empty()) return record.skipped.emplace_back("no product"), void();
  affected.ecosystem = ecosystem_of(affected.scope.product);
  if (!alternative.is_clear) leave_unclear(affected);
  if (!statements.add(std::move(affected))) record.skipped.emplace_back("one more architecture of a package");
}

// "SUSE CVE-1999-0524" and "CVE-1999-0524 at SUSE" -> the CVE.
std::string cve_in(std::string_view text) {
  const std::size_t place = text.find("CVE-");
  if (place == text.npos) return {};
  const std::string_view rest = text.substr(place);
  return std::string(rest.substr(0, rest.find_first_not_of("CVE-0123456789")));
}

// What a definition is about: its title is a CVE, or it is an announcement that repairs several.
void read_names(const OvalDefinition& definition, Advisory& advisory) {
  if (is_cve(definition.title)) {
    advisory.id = definition.title;
    return;
  }
  advisory.id = definition.id;
  for (const auto& [source, id] : definition.references) {
    const bool is_own = source.starts_with("SUSE-") || source.starts_with("openSUSE-");
    if (is_own && !id.empty()) advisory.id = id;
  }
  for (const std::string& name : definition.cves) {
    if (std::string cve = cve_in(name); !cve.empty()) advisory.upstream.push_back(std::move(cve));
  }
}

FeedRecord record_of(const OvalDefinition& definition) {
  FeedRecord record;  // without an id: each file has one of its own for the same definition, about other products
  Advisory advisory;
  record.modified = oval_date(definition.updated.empty() ? definition.issued : definition.updated);
  advisory.published = oval_date(definition.issued);
  advisory.severity = severity_of_word(definition.severity.empty() ? definition.impact : definition.severity);
  read_names(definition, advisory);
  JoinedStatements statements;
  for (const auto& conditions : definition.alternatives) {
    Alternative alternative;
    for (const OvalCondition* const condition : conditions)
      read_condition(*condition, product_of(*condition), alternative);
    alternative.is_clear = alternative.is_clear && !definition.is_unclear;
    add(std::move(alternative), statements, record);
  }
  advisory.affected = statements.take();
  if (advisory.upstream.empty() && !is_cve(advisory.id)) {
    record.skipped.emplace_back("an update that fixes no vulnerability");
    return record;
  }
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_suse_oval(std::string_view xml, const RecordSink& sink) {
  return read_oval_records(xml, record_of, sink);
}

}  // namespace initscan
