#include "initscan/advisory/identity.h"

#include <algorithm>

namespace initscan {
namespace {

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

void Identity::add(std::string_view name) {
  (name.starts_with("CVE-") ? cves : others).emplace_back(name);
}

Result<std::vector<Advisory>> advisories_of(Identity identity, const Advisory& common) {
  const std::string first = identity.others.empty() ? "" : identity.others.front();
  const std::vector<std::string> cves = sorted(std::move(identity.cves));
  std::vector<std::string> others = sorted(std::move(identity.others));

  std::size_t statements = 0;
  for (const AffectedPackage& affected : common.affected) {
    statements += affected.ranges.size() + affected.versions.size();
  }
  if (cves.size() * statements > kMaxStatements) {
    return Error{Errc::over_limit, "more than " + std::to_string(kMaxStatements) + " statements"};
  }

  std::vector<Advisory> advisories;
  const auto add = [&](const std::string& id) {
    advisories.push_back(common);
    advisories.back().id = id;
    advisories.back().aliases = others;
  };
  for (const std::string& cve : cves) add(cve);
  if (cves.empty() && !first.empty()) {
    others.erase(std::find(others.begin(), others.end(), first));
    add(first);
  }
  return advisories;
}

}  // namespace initscan
