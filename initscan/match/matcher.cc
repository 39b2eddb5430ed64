#include "initscan/match/matcher.h"

#include "initscan/match/ecosystem.h"
#include "initscan/version/version.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace initscan {
namespace {

constexpr std::size_t kMaxInvalidVersions = 10;  // that are named one by one

bool is_affected(PackageType type, std::string_view version, const AffectedRow& row) {
  const auto compare = [&](std::string_view other) { return compare_versions(type, version, other); };
  if (row.exact) return compare(row.introduced) == 0;
  if (!row.introduced.empty() && compare(row.introduced) < 0) return false;
  if (!row.fixed.empty()) return compare(row.fixed) < 0;
  return row.last_affected.empty() || compare(row.last_affected) <= 0;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    words.emplace_back(word);
  }
  return words;
}

// The findings of one package. Several statements about one vulnerability make one finding: repaired is what
// every one of them calls repaired.
class PackageFindings {
 public:
  explicit PackageFindings(const Package& package) : package_(package) {}

  void add(const AffectedRow& row) {
    const auto [place, is_new] = findings_.try_emplace(std::string(row.id));
    Finding& finding = place->second;
    if (is_new) {
      finding.id = row.id;
      finding.aliases = words_of(row.aliases);
      finding.package = package_;
      finding.cvss = row.cvss;
      finding.published = row.published;
      finding.summary = row.summary;
    }
    finding.severity = std::max(finding.severity, row.severity);
    const bool later = finding.fixed.empty() || compare_versions(package_.type, finding.fixed, row.fixed) < 0;
    if (!row.fixed.empty() && later) finding.fixed = row.fixed;
  }

  void move_to(const FindingSink& sink) {
    for (auto& [id, finding] : findings_) sink(std::move(finding));
  }

 private:
  const Package& package_;
  std::map<std::string, Finding> findings_;
};

std::string named(const OsRelease& os) {
  if (os.id.empty()) return "an image without os-release";
  return '"' + os.id + (os.version_id.empty() ? "" : " " + os.version_id) + '"';
}

std::string counted(std::size_t packages) {
  return std::to_string(packages) + (packages == 1 ? " package" : " packages") + " not checked";
}

class Matcher {
 public:
  Matcher(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink)
      : sbom_(sbom), advisories_(advisories), sink_(sink) {}

  Result<MatchResult> run() {
    for (const PackageType type : {PackageType::deb, PackageType::apk}) {
      if (auto matched = match_all_of(type); !matched) return matched.error();
    }
    demand_known_distribution();
    if (invalid_ > kMaxInvalidVersions) {
      result_.undecided.push_back("and " + std::to_string(invalid_ - kMaxInvalidVersions) + " more such versions");
    }
    return std::move(result_);
  }

 private:
  Result<void> match_all_of(PackageType type) {
    const auto count = static_cast<std::size_t>(std::count_if(
        sbom_.packages.begin(), sbom_.packages.end(), [&](const Package& package) { return package.type == type; }));
    if (count == 0) return {};
    const std::string ecosystem = ecosystem_of(type, sbom_.os);
    if (ecosystem.empty()) {
      result_.unmatched.push_back(std::string(to_string(type)) + " packages of " + named(sbom_.os) +
                                  " cannot be matched (" + counted(count) + ')');
      return {};
    }
    const auto covered = advisories_.covers(ecosystem);
    if (!covered) return covered.error();
    if (!*covered) {
      result_.no_data.push_back("no advisories for \"" + ecosystem + "\" in the index (" + counted(count) + ')');
      return {};
    }
    for (const Package& package : sbom_.packages) {
      if (package.type != type) continue;
      if (auto matched = match_package(ecosystem, package); !matched) return matched;
    }
    return {};
  }

  Result<void> match_package(const std::string& ecosystem, const Package& package) {
    const bool is_comparable = is_version(package.type, package.source_version);
    bool is_spoken_of = false;
    PackageFindings findings(package);
    auto visited = advisories_.for_each(ecosystem, package.source_name, [&](const AffectedRow& row) {
      is_spoken_of = true;
      if (is_comparable && is_affected(package.type, package.source_version, row)) findings.add(row);
    });
    if (!visited) return visited;
    ++result_.checked;
    findings.move_to(sink_);
    if (!is_comparable && is_spoken_of) note_invalid(package);
    return {};
  }

  // dpkg only warns of such a version, so that packages of anybody's have them. Where no advisory speaks of the package
  // there is nothing to compare with.
  void note_invalid(const Package& package) {
    if (++invalid_ > kMaxInvalidVersions) return;
    result_.undecided.push_back(package.name + ": \"" + package.source_version + "\" is no version of a " +
                                std::string(to_string(package.type)) + " package");
  }

  // A distribution that nothing here reads: that no package of it was found says nothing.
  void demand_known_distribution() {
    const std::string& id = sbom_.os.id;
    if (!sbom_.packages.empty() || id.empty() || id == "debian" || id == "alpine") return;
    result_.unmatched.push_back("packages of " + named(sbom_.os) + " are not read by this version");
  }

  const Sbom& sbom_;
  const AdvisoryLookup& advisories_;
  const FindingSink& sink_;
  MatchResult result_;
  std::size_t invalid_ = 0;
};

}  // namespace

Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink) {
  return Matcher(sbom, advisories, sink).run();
}

Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories) {
  std::vector<Finding> findings;
  auto result = match_sbom(sbom, advisories, [&](Finding finding) { findings.push_back(std::move(finding)); });
  if (!result) return result;
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(b.severity, a.package.name, a.id, a.package.architecture, a.package.path, a.package.version) <
           std::tie(a.severity, b.package.name, b.id, b.package.architecture, b.package.path, b.package.version);
  });
  result->findings = std::move(findings);
  return result;
}

}  // namespace initscan
