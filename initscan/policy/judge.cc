#include "initscan/policy/judge.h"

#include "common/rfc3339.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

bool holds(const Exemption& exemption, std::chrono::sys_seconds now) {
  const auto end = parse_rfc3339(exemption.expires_at);
  return end && now < *end;  // an end that cannot be read has passed
}

bool speaks_of(const Exemption& exemption, const Finding& finding) {
  if (!exemption.check.empty()) return false;  // it is about something else
  const bool same_id = exemption.id.empty() || exemption.id == finding.id ||
                       std::find(finding.aliases.begin(), finding.aliases.end(), exemption.id) != finding.aliases.end();
  const bool same_package = exemption.package.empty() || exemption.package == finding.package.name ||
                            exemption.package == finding.package.source_name;
  const bool is_mild_enough = exemption.max_severity == Severity::critical ||
                              (finding.severity != Severity::unknown && finding.severity <= exemption.max_severity);
  return same_id && same_package && is_mild_enough;
}

JudgedFinding judge_finding(const Policy& policy, std::chrono::sys_seconds now, Finding finding) {
  const auto exemption = std::find_if(policy.ignore.begin(), policy.ignore.end(),
                                      [&](const Exemption& e) { return speaks_of(e, finding) && holds(e, now); });
  const Severity severity = finding.severity;
  JudgedFinding judged{std::move(finding), Status::blocks, {}};
  if (exemption != policy.ignore.end()) {
    judged.status = Status::exempted;
    judged.why = "exempted until " + exemption->expires_at + ": " + exemption->reason;
  } else if (policy.only_fixed && judged.finding.fixed.empty()) {
    judged.status = Status::no_fix;
    judged.why = "no fixed version is known, and the policy asks for fixable ones only";
  } else if (severity == Severity::unknown) {
    judged.status = policy.unknown_severity == Reaction::deny ? Status::blocks : Status::below_threshold;
    judged.why = "no feed gives a severity";
  } else {
    judged.status = severity >= policy.fail_on ? Status::blocks : Status::below_threshold;
    judged.why = std::string(to_string(severity)) + "; the policy fails on " + std::string(to_string(policy.fail_on));
  }
  return judged;
}

void note(ImageVerdict& verdict, Reaction reaction, std::string sentence) {
  (reaction == Reaction::deny ? verdict.undecided : verdict.warnings).push_back(std::move(sentence));
}

}  // namespace

ImageVerdict judge(const Policy& policy, std::chrono::sys_seconds now, Evidence evidence) {
  ImageVerdict verdict;
  verdict.index = std::move(evidence.index);
  verdict.image = std::move(evidence.image);
  verdict.packages = evidence.sbom.packages.size();

  bool blocked = false;
  for (Finding& finding : evidence.match.findings) {
    verdict.findings.push_back(judge_finding(policy, now, std::move(finding)));
    blocked = blocked || verdict.findings.back().status == Status::blocks;
  }

  const Coverage& coverage = evidence.sbom.coverage;
  for (const std::string& gap : coverage.incomplete) note(verdict, policy.on_incomplete, gap);
  if (coverage.truncated) {
    note(verdict, policy.on_incomplete,
         "the walk over the image met a limit after " + std::to_string(coverage.files_seen) + " entries");
  }
  if (coverage.unreadable > 0) {
    note(verdict, policy.on_unreadable,
         std::to_string(coverage.unreadable) + " files or directories could not be read");
  }
  if (coverage.unsupported > 0) {
    verdict.warnings.push_back(std::to_string(coverage.unsupported) +
                               " components of ecosystems that are not matched yet");
  }
  for (std::string& gap : evidence.match.undecided) note(verdict, policy.on_no_data, std::move(gap));
  if (verdict.packages == 0 && verdict.undecided.empty()) {
    verdict.warnings.push_back("no package database in the image: there was nothing to check");
  }

  verdict.os = std::move(evidence.sbom.os);
  verdict.coverage = std::move(evidence.sbom.coverage);
  verdict.confinement = std::move(evidence.sbom.confinement);
  verdict.outcome = blocked ? Outcome::fail : verdict.undecided.empty() ? Outcome::pass : Outcome::undecided;
  return verdict;
}

std::vector<std::string> expired_exemptions(const Policy& policy, std::chrono::sys_seconds now) {
  std::vector<std::string> sentences;
  for (const Exemption& e : policy.ignore) {
    if (holds(e, now)) continue;
    std::string subject = e.id;
    for (const std::string& word : {e.package, e.check}) {
      if (!word.empty()) subject += (subject.empty() ? "" : " in ") + word;
    }
    sentences.push_back("the exemption of " + subject + " ended at " +
                        e.expires_at + " and no longer applies; renew or remove it");
  }
  return sentences;
}

void conclude(Verdict& verdict) {
  verdict.outcome = verdict.images.empty() ? Outcome::undecided : Outcome::pass;
  for (const ImageVerdict& image : verdict.images) verdict.outcome = std::max(verdict.outcome, image.outcome);
}

}  // namespace initscan
