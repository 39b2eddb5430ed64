#include "initscan/match/matcher.h"

#include "initscan/match/doubts.h"
#include "initscan/match/ecosystem.h"
#include "initscan/match/source_package.h"
#include "initscan/match/statements.h"
#include "initscan/match/vulnerability.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kBytesOfStep = 64;  // of a text: a longer one takes more steps

// What several statements about one vulnerability come to as a finding.
Finding finding_of(const Package& package, const VulnerabilityDetails& details, std::span<const AffectedRow> rows,
                   std::string_view fixed) {
  Finding finding;
  finding.id = details.id;
  finding.aliases = details.aliases;
  finding.package = package;
  finding.fixed = fixed;
  finding.published = details.published;
  finding.summary = details.summary;
  for (const AffectedRow& row : rows) {
    finding.severity = std::max(finding.severity, row.severity);
    finding.cvss = std::max(finding.cvss, row.cvss);
    finding.is_malicious |= row.is_malicious;
  }
  if (finding.is_malicious) finding.severity = Severity::critical;
  return finding;
}

std::string named(const OsRelease& os) {
  if (os.id.empty()) return "an image without os-release";
  return '"' + os.id + (os.version_id.empty() ? "" : " " + os.version_id) + '"';
}

std::string counted(std::size_t packages) {
  return std::to_string(packages) + (packages == 1 ? " package" : " packages") + " not checked";
}

// Not of a language, whose packages are the same everywhere.
bool is_of_a_distribution(const Package& package) {
  const Ecosystem* const ecosystem = find_ecosystem(package.type);
  return ecosystem == nullptr || ecosystem->osv_name.empty();
}

std::uint64_t steps_for(std::string_view text) {
  return 1 + text.size() / kBytesOfStep;
}

std::uint64_t steps_for(const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  return 1 + bytes / kBytesOfStep;
}

// An installed package under the name and version that advisories know.
struct Sought {
  SourcePackage source;
  const Package* package;
  std::size_t rank;      // of this name among those of the package: the first says most of it
  bool has_other_names;  // of which another may speak of the same vulnerability
};

// One run over one SBOM.
class Matching {
 public:
  Matching(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink, const DoubtSink& accepts)
      : sbom_(sbom), image_(sbom), advisories_(advisories), sink_(sink), doubts_(accepts) {}

  Result<MatchResult> run() {
    std::map<PackageType, std::size_t> counts;  // of all kinds that are there, whether or not anything is known of them
    for (const Package& package : sbom_.packages) ++counts[package.type];
    for (const auto& [type, count] : counts) {
      if (auto matched = match_all_of(type, count); !matched) return matched.error();
    }
    demand_packages_of_distribution();
    doubts_.conclude(result_);
    return std::move(result_);
  }

 private:
  Result<void> match_all_of(PackageType type, std::size_t count) {
    const auto ecosystem = ecosystem_of(type, sbom_);
    if (!ecosystem) {
      const bool lacks_release = !sbom_.os.id.empty() && sbom_.os.version_id.empty();
      result_.unmatched.push_back(std::string(to_string(type)) + " packages of " + named(sbom_.os) +
                                  " cannot be matched (" + counted(count) + ')' +
                                  (lacks_release ? "; os-release has no VERSION_ID and no VERSION_CODENAME of a known "
                                                   "release: build the image from a released version"
                                                 : ""));
      return {};
    }
    auto names = known_names(*ecosystem);
    if (!names) return names.error();
    if (names->empty()) {
      result_.no_data.push_back("no advisories for \"" + ecosystem->release + "\" in the index (" + counted(count) +
                                ')');
      return {};
    }
    return match_packages(*names, ecosystem->order, sought(type), count);
  }

  // Sorted by rank, source package and version.
  std::vector<Sought> sought(PackageType type) const {
    std::vector<Sought> all;
    for (const Package& package : sbom_.packages) {
      if (package.type != type) continue;
      std::vector<SourcePackage> sources = source_packages_of(package);
      for (std::size_t i = 0; i < sources.size(); ++i) {
        all.push_back({std::move(sources[i]), &package, i, sources.size() > 1});
      }
    }
    std::stable_sort(all.begin(), all.end(), [](const Sought& a, const Sought& b) {
      return std::tie(a.rank, a.source.name, a.source.version) < std::tie(b.rank, b.source.name, b.source.version);
    });
    return all;
  }

  // Those of an image's ecosystems that the index knows.
  Result<std::vector<std::string>> known_names(const EcosystemOfImage& ecosystem) {
    std::vector<std::string> names;
    std::string newest;
    for (const std::string& name : {ecosystem.release, ecosystem.family}) {
      if (name.empty()) continue;
      const auto known = advisories_.ecosystem(name);
      if (!known) return known.error();
      if (!*known) continue;
      names.push_back(name);
      newest = std::max(newest, std::string((*known)->data_date));
    }
    if (!names.empty()) result_.data_dates.emplace(ecosystem.release, newest);
    return names;
  }

  Result<void> match_packages(const std::vector<std::string>& ecosystems, VersionOrder order,
                              const std::vector<Sought>& all, std::size_t count) {
    std::string_view name;
    for (auto first = all.begin(); first != all.end();) {
      if (first == all.begin() || first->source.name != name) {
        name = first->source.name;
        if (auto loaded = load_rows(ecosystems, name); !loaded) return loaded;
      }
      const auto last = std::find_if(first, all.end(), [&](const Sought& s) { return s.source != first->source; });
      const auto went_on = judge_rows(order, {first, last});
      if (!went_on) return went_on.error();
      if (!*went_on) {
        give_up(std::span(first, all.end()), count);
        return {};
      }
      first = last;
    }
    result_.checked += count;
    return {};
  }

  Result<void> load_rows(const std::vector<std::string>& ecosystems, std::string_view source) {
    rows_.clear();
    for (const std::string& ecosystem : ecosystems) {
      auto visited = advisories_.for_each(ecosystem, source, [&](const AffectedRow& row) { rows_.push_back(row); });
      if (!visited) return visited;
    }
    // Those of one ecosystem come sorted.
    if (ecosystems.size() > 1) {
      std::stable_sort(rows_.begin(), rows_.end(),
                       [](const auto& a, const auto& b) { return a.vulnerability < b.vulnerability; });
    }
    return {};
  }

  // Of packages of one source version; false where the steps are used up.
  Result<bool> judge_rows(VersionOrder order, std::span<const Sought> packages) {
    const std::string& version = packages.front().source.version;
    const bool is_none = !rows_.empty() && !is_version(order, version);
    const std::uint64_t steps_of_version = steps_for(version);
    const bool have_other_names =
        std::any_of(packages.begin(), packages.end(), [](const Sought& sought) { return sought.has_other_names; });
    for (auto first = rows_.begin(); first != rows_.end();) {
      const auto last =
          std::find_if(first, rows_.end(), [&](const auto& row) { return row.vulnerability != first->vulnerability; });
      const std::span<const AffectedRow> rows(first, last);
      first = last;
      if (need_judgement(rows)) {
        auto went_on = judge_one_by_one(order, rows, packages, is_none);
        if (!went_on || !*went_on) return went_on;
        continue;
      }
      Conclusion conclusion = conclude(order, version, rows);
      if (is_none && conclusion.is == Conclusion::Is::unaffected) doubt(conclusion, version);
      steps_ += conclusion.steps * steps_of_version;
      if (steps_ > kMaxMatchSteps) return false;
      const bool is_affected = conclusion.is != Conclusion::Is::unaffected;
      if (!is_affected && !have_other_names) continue;
      std::optional<VulnerabilityDetails> details;
      for (const Sought& sought : packages) {
        if (steps_ > kMaxMatchSteps) return false;
        if (!is_first_word(sought, rows.front().vulnerability) || !is_affected) continue;
        if (auto read = read_details(rows.front().vulnerability, details); !read) return read.error();
        steps_ += steps_for(details->aliases);
        hand_over(conclusion, finding_of(*sought.package, *details, rows, conclusion.fixed));
      }
    }
    return true;
  }

  // Of one vulnerability, where its statements may be about some of the packages alone.
  Result<bool> judge_one_by_one(VersionOrder order, std::span<const AffectedRow> rows, std::span<const Sought> packages,
                                bool is_none) {
    const std::string& version = packages.front().source.version;
    std::optional<VulnerabilityDetails> details;
    for (const Sought& sought : packages) {
      if (steps_ > kMaxMatchSteps) return false;
      auto [conclusion, status, own_rows] = judge(order, version, rows, *sought.package, image_);
      steps_ += rows.size() + conclusion.steps * steps_for(version);
      if (own_rows.empty() || !is_first_word(sought, rows.front().vulnerability)) continue;
      if (is_none && conclusion.is == Conclusion::Is::unaffected) doubt(conclusion, version);
      if (conclusion.is == Conclusion::Is::unaffected) continue;
      if (auto read = read_details(rows.front().vulnerability, details); !read) return read.error();
      steps_ += steps_for(details->aliases);
      Finding finding = finding_of(*sought.package, *details, own_rows, conclusion.fixed);
      finding.status = status;
      hand_over(conclusion, std::move(finding));
    }
    return true;
  }

  // Advisories may name an installed package and its source. What is said under the name that says most of a package
  // counts, and a vulnerability is told once.
  bool is_first_word(const Sought& sought, std::uint32_t vulnerability) {
    if (!sought.has_other_names) return true;
    ++steps_;
    return told_.emplace(sought.package, vulnerability).second;
  }

  // Of the packages of one source version the first that has a vulnerability asks for them.
  Result<void> read_details(std::uint32_t vulnerability, std::optional<VulnerabilityDetails>& details) const {
    if (details) return {};
    auto read = advisories_.details(vulnerability);
    if (!read) return read.error();
    details = std::move(*read);
    return {};
  }

  // As far as it goes it is outside of what an advisory calls affected: what comes behind that is no version.
  static void doubt(Conclusion& conclusion, const std::string& version) {
    conclusion.is = Conclusion::Is::undecided;
    conclusion.why = '"' + version + "\" is not a version";
  }

  void hand_over(const Conclusion& conclusion, Finding&& finding) {
    if (conclusion.is == Conclusion::Is::affected) return sink_(std::move(finding));
    doubts_.add(finding, conclusion.why, result_);
  }

  // What is left of packages of one kind.
  void give_up(std::span<const Sought> left, std::size_t count) {
    std::vector<const Package*> packages;
    for (const Sought& sought : left) packages.push_back(sought.package);
    std::sort(packages.begin(), packages.end());
    packages.erase(std::unique(packages.begin(), packages.end()), packages.end());
    result_.checked += count - packages.size();
    result_.over_limit.push_back("matching took more than " + std::to_string(kMaxMatchSteps) +
                                 " steps and was stopped (" + counted(packages.size()) + ')');
  }

  // That no package of a distribution was found says nothing of it where nothing here reads them, and where other
  // packages were: of what else was to be there.
  void demand_packages_of_distribution() {
    if (sbom_.os.id.empty() || std::any_of(sbom_.packages.begin(), sbom_.packages.end(), is_of_a_distribution)) return;
    const Distribution* const distribution = find_distribution(sbom_.os.id);
    const bool is_read = distribution != nullptr && find_ecosystem(distribution->type)->is_collected;
    if (!is_read) {
      result_.unmatched.push_back("packages of " + named(sbom_.os) + " are not read by this version");
    } else if (!sbom_.packages.empty()) {
      result_.unmatched.push_back("no package of " + named(sbom_.os) + " itself was found");
    }
  }

  const Sbom& sbom_;
  const ImageScope image_;
  const AdvisoryLookup& advisories_;
  const FindingSink& sink_;
  Doubts doubts_;
  MatchResult result_;
  std::uint64_t steps_ = 0;
  std::vector<AffectedRow> rows_;  // about one source package
  std::set<std::pair<const Package*, std::uint32_t>> told_;
};

}  // namespace

Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink,
                               const DoubtSink& accepts) {
  return Matching(sbom, advisories, sink, accepts).run();
}

Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories) {
  std::vector<Finding> findings;
  auto result = match_sbom(sbom, advisories, [&](Finding&& finding) { findings.push_back(std::move(finding)); });
  if (!result) return result;
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(b.is_malicious, b.severity, a.package.name, a.id, a.package.architecture, a.package.path,
                    a.package.version) < std::tie(a.is_malicious, a.severity, b.package.name, b.id,
                                                  b.package.architecture, b.package.path, b.package.version);
  });
  result->findings = std::move(findings);
  return result;
}

}  // namespace initscan
