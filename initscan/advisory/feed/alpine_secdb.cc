#include "common/text/ascii.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"

#include <algorithm>
#include <optional>

#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

Error at(const YAML::Mark& mark, std::string text) {
  const std::string place = mark.is_null() ? std::string() : std::to_string(mark.line + 1) + ": ";
  return {Errc::malformed, place + std::move(text)};
}

std::size_t digits_at(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// The CVE that a text starts with, as it should be written: some entries say "CVE_2018-1" or "CVE 2018-1".
std::optional<std::string> take_cve(std::string_view& text) {
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kHead = 4;  // "CVE-"
  if (!text.starts_with("CVE") || text.size() < kHead || std::string_view("-_ ").find(text[3]) == text.npos) return {};
  if (digits_at(text.substr(kHead)) != kYear || !text.substr(kHead + kYear).starts_with('-')) return {};
  const std::size_t number = digits_at(text.substr(kHead + kYear + 1));
  if (number == 0) return {};
  std::string cve = "CVE-" + std::string(text.substr(kHead, kYear + 1 + number));
  text.remove_prefix(kHead + kYear + 1 + number);
  return cve;
}

// A name has a number; the rest of "CVE-2018-1.patch" has none, nor has "CVE-????-?????". Some names are random.
bool is_name(std::string_view word) {
  if (word.starts_with("GHSA-") || word.starts_with("CGA-")) return true;
  const std::size_t dash = word.rfind('-');
  return dash != word.npos && is_letter(word[0]) && digits_at(word.substr(dash + 1)) > 0;
}

// "CVE-2017-15597 XSA-236", "CVE-2020-1,CVE-2020-2": vulnerabilities and what others call them; a remark may follow in
// parentheses. An advisory for each CVE, or one under the first of the other names.
std::vector<Advisory> advisories_of(std::string_view ids) {
  std::vector<Advisory> advisories;
  std::vector<std::string> others;
  constexpr std::string_view kSeparators = " ,;|\t\n";
  ids = ids.substr(0, ids.find('('));
  while (!ids.empty()) {
    if (const auto cve = take_cve(ids)) advisories.emplace_back().id = *cve;
    const std::string_view word = ids.substr(0, ids.find_first_of(kSeparators));
    ids.remove_prefix(std::min(word.size() + 1, ids.size()));
    if (is_name(word)) others.emplace_back(word);
  }
  if (advisories.empty() && !others.empty()) {
    advisories.emplace_back().id = others.front();
    others.erase(others.begin());
  }
  for (Advisory& advisory : advisories) advisory.aliases = others;
  return advisories;
}

// A version that is given as "" would read as: never repaired. Version 0 is secdb's way to say that none was affected.
AffectedPackage repaired_in(const std::string& ecosystem, const std::string& name, const std::string& version) {
  AffectedPackage affected;
  affected.ecosystem = ecosystem;
  affected.name = name;
  if (version == "0") {
    affected.status = AdvisoryStatus::not_affected;
    affected.ranges.push_back({});
  } else if (version.empty()) {
    affected.unclear.emplace_back("the version of its fix is not given");
  } else if (is_word_for_version(version)) {
    affected.unclear.emplace_back("the version of its fix is a word, not a version");
  } else {
    affected.ranges.push_back({"", version, ""});
  }
  return affected;
}

// What one version repairs: a list of ids, or one in place of it.
Result<std::vector<YAML::Node>> ids_at(const YAML::Node& fix) {
  std::vector<YAML::Node> ids;
  if (fix.IsNull()) return ids;
  if (fix.IsScalar()) {
    ids.push_back(fix);
    return ids;
  }
  if (!fix.IsSequence()) return at(fix.Mark(), "want a list of the ids of vulnerabilities");
  for (const YAML::Node& id : fix) {
    if (!id.IsScalar()) return at(id.Mark(), "want the id of a vulnerability");
    ids.push_back(id);
  }
  return ids;
}

void read_fix(const AffectedPackage& affected, std::string_view ids, FeedRecord& record) {
  std::vector<Advisory> advisories = advisories_of(ids);
  if (advisories.empty()) record.skipped.emplace_back("no id");
  for (Advisory& advisory : advisories) {
    advisory.affected.push_back(affected);
    record.advisories.push_back(std::move(advisory));
  }
}

Result<FeedRecord> read_package(const YAML::Node& entry, const std::string& ecosystem) {
  const YAML::Node package = entry.IsMap() ? entry["pkg"] : YAML::Node();
  if (!package || !package.IsMap() || !package["name"] || !package["name"].IsScalar()) {
    return at(entry.Mark(), "want a package with a name");
  }
  const std::string& name = package["name"].Scalar();
  FeedRecord record;
  const YAML::Node fixes = package["secfixes"];
  if (!fixes || fixes.IsNull() || (!fixes.IsScalar() && fixes.size() == 0)) {
    record.skipped.emplace_back("no fixes");
    return record;
  }
  if (!fixes.IsMap()) return at(fixes.Mark(), "want a mapping from versions to what they fix");
  for (const auto& fix : fixes) {
    const std::string version = fix.first.IsScalar() ? fix.first.Scalar() : "";
    const auto ids = ids_at(fix.second);
    if (!ids) return ids.error();
    if (ids->empty()) record.skipped.emplace_back("no vulnerabilities");
    const AffectedPackage affected = repaired_in(ecosystem, name, version);
    for (const YAML::Node& id : *ids) read_fix(affected, id.Scalar(), record);
  }
  return record;
}

// A secdb of Alpine names the release; those of distributions that have none, where their packages are.
Result<std::string> ecosystem_of(const YAML::Node& document) {
  if (const YAML::Node release = document["distroversion"]) {
    const auto ecosystem = matched_ecosystem("Alpine:" + release.Scalar());
    if (!ecosystem) return at(release.Mark(), "want a distroversion such as v3.20 or edge");
    return ecosystem->name;
  }
  const YAML::Node place = document["urlprefix"];
  const std::string prefix = place && place.IsScalar() ? place.Scalar() : "";
  if (prefix.starts_with("https://packages.wolfi.dev")) return std::string("Wolfi");
  if (prefix.starts_with("https://packages.cgr.dev")) return std::string("Chainguard");
  return at(place ? place.Mark() : document.Mark(), "want a distroversion, or the urlprefix of Wolfi or Chainguard");
}

}  // namespace

Result<void> parse_alpine_secdb(std::string_view yaml, const RecordSink& sink) {
  try {
    const YAML::Node document = YAML::Load(std::string(yaml));
    if (!document.IsMap() || !document["packages"]) {
      return Error{Errc::malformed, "not a secdb: want a mapping with packages"};
    }
    const auto ecosystem = ecosystem_of(document);
    if (!ecosystem) return ecosystem.error();
    const YAML::Node packages = document["packages"];
    if (!packages.IsSequence() && !packages.IsNull()) return at(packages.Mark(), "want a list of packages");
    for (const YAML::Node& entry : packages) {
      auto record = read_package(entry, *ecosystem);
      if (!record) return record.error();
      sink(std::move(*record));
    }
    return {};
  } catch (const YAML::Exception& e) { return at(e.mark, "not YAML: " + e.msg); }
}

}  // namespace initscan
