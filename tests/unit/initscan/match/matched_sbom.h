#pragma once

#include "initscan/match/match_answer.h"

#include <string>

namespace initscan {

inline Sbom two_packages() {
  Sbom sbom;
  sbom.os = {"debian", "12", "bookworm", ""};
  sbom.packages = {{PackageType::deb, "libssl3", "3.0.9-1", "amd64", "openssl", "3.0.9-1", "s"},
                   {PackageType::deb, "zlib1g", "1.2-1", "amd64", "zlib", "1.2-1", "s"}};
  return sbom;
}

inline Finding finding_of(const Sbom& sbom, std::size_t package, std::string id) {
  Finding finding;
  finding.id = std::move(id);
  finding.aliases = {"DSA-1", "GHSA-1"};
  finding.package = sbom.packages[package];
  finding.fixed = "3.0.11";
  finding.severity = Severity::high;
  finding.cvss = 7.5;
  finding.published = "2026-01-02T00:00:00Z";
  finding.summary = "a \"flaw\"";
  return finding;
}

inline MatchAnswer answer_on(const Sbom& sbom) {
  MatchAnswer answer;
  answer.sbom_sha256 = std::string(64, 'a');
  answer.data_date = "2026-11-27T00:00:00Z";
  answer.result.checked = sbom.packages.size();
  answer.result.data_dates = {{"Debian:12", "2026-11-26T00:00:00Z"}};
  answer.result.findings = {finding_of(sbom, 0, "CVE-1"), finding_of(sbom, 1, "CVE-2")};
  answer.result.findings.back().cvss = -1;
  answer.result.findings.front().status = FindingStatus::under_investigation;
  answer.result.findings.back().is_malicious = true;
  answer.result.findings.front().exploitation = {"2021-12-10", 0.00383, 0.73075};
  answer.result.overlay_dates = {{"epss", ""}, {"kev", "2026-11-25T00:00:00Z"}};
  answer.result.support_end = "2026-08-31";
  answer.doubts = {{finding_of(sbom, 1, "CVE-3"), "its version cannot be compared"}};
  return answer;
}

}  // namespace initscan
