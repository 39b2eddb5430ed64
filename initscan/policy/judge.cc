#include "initscan/policy/judge.h"

#include "common/text/ascii.h"
#include "common/text/plain_number.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

namespace initscan {
namespace {

// What most images have: where it is too little, all of them are moved. The system gives only what is used of it.
constexpr std::size_t kRoomForFindings = 1024;

bool holds(const Exemption& exemption, std::chrono::sys_seconds now) {
  const auto end = parse_rfc3339(exemption.expires_at);
  return end && now < *end;  // an end that cannot be read has passed
}

// People write cve-2024-1, too.
bool is_same_id(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_upper(x) == to_upper(y); });
}

bool speaks_of(const Exemption& exemption, const Finding& finding) {
  if (!exemption.check.empty()) return false;  // it is about something else
  const bool same_id = exemption.id.empty() || is_same_id(exemption.id, finding.id) ||
                       std::any_of(finding.aliases.begin(), finding.aliases.end(),
                                   [&](const std::string& alias) { return is_same_id(exemption.id, alias); });
  const bool same_package = exemption.package.empty() || exemption.package == finding.package.name ||
                            exemption.package == finding.package.source_name;
  const bool is_mild_enough = exemption.max_severity == Severity::critical ||
                              (finding.severity != Severity::unknown && finding.severity <= exemption.max_severity);
  return same_id && same_package && is_mild_enough;
}

std::string subject_of(const Exemption& exemption) {
  std::string subject = exemption.id;
  for (const std::string& word : {exemption.package, exemption.check}) {
    if (!word.empty()) subject += (subject.empty() ? "" : " in ") + word;
  }
  return subject;
}

std::string because_of(const Exemption& exemption) {
  return "exempted until " + exemption.expires_at + ": " + exemption.reason;
}

void judge_finding(const Policy& policy, const Exemption* exemption, JudgedFinding& judged) {
  const Severity severity = judged.finding.severity;
  if (exemption != nullptr) {
    judged.status = Status::exempted;
    judged.why = because_of(*exemption);
  } else if (judged.finding.is_malicious && policy.on_malicious == Reaction::deny) {
    judged.status = Status::blocks;
    judged.why = "malware; the policy denies it (onMalicious)";
  } else if (judged.finding.is_known_exploited() && policy.on_known_exploited == Reaction::deny) {
    judged.status = Status::blocks;
    judged.why = "known exploited since " + judged.finding.exploitation.known_since +
                 "; the policy denies it (onKnownExploited)";
  } else if (judged.finding.is_malicious) {
    judged.status = Status::below_threshold;
    judged.why = "malware; the policy lets it through (onMalicious)";
  } else if (policy.only_fixed && judged.finding.fixed.empty()) {
    judged.status = Status::no_fix;
    judged.why = "no fixed version is known, and the policy counts fixable findings only";
  } else if (policy.fail_on_epss && judged.finding.exploitation.epss >= *policy.fail_on_epss) {
    judged.status = Status::blocks;
    judged.why = "EPSS " + plain_number(judged.finding.exploitation.epss) + "; the policy fails on " +
                 plain_number(*policy.fail_on_epss) + " (failOn.epss)";
  } else if (severity == Severity::unknown) {
    judged.status = policy.unknown_severity == Reaction::deny ? Status::blocks : Status::below_threshold;
    judged.why = "no feed gives its severity";
  } else {
    judged.status = severity >= policy.fail_on ? Status::blocks : Status::below_threshold;
    constexpr std::string_view kBetween = "; the policy fails on ";
    const std::string_view threshold = to_string(policy.fail_on);
    judged.why.reserve(to_string(severity).size() + kBetween.size() + threshold.size());
    judged.why.append(to_string(severity)).append(kBetween).append(threshold);
  }
}

// The order of a report: malware, then what is exploited, then the worst.
bool comes_first(const JudgedFinding& a, const JudgedFinding& b) {
  const Finding& x = a.finding;
  const Finding& y = b.finding;
  const bool x_is_exploited = x.is_known_exploited();
  const bool y_is_exploited = y.is_known_exploited();
  return std::tie(y.is_malicious, y_is_exploited, y.severity, x.package.name, x.id, x.package.architecture,
                  x.package.path, x.package.version) < std::tie(x.is_malicious, x_is_exploited, x.severity,
                                                                y.package.name, y.id, y.package.architecture,
                                                                y.package.path, y.package.version);
}

// Sorts by where they are: each has a dozen texts to be moved.
std::vector<JudgedFinding> in_order_of_report(std::vector<JudgedFinding> findings) {
  std::vector<JudgedFinding*> order;
  order.reserve(findings.size());
  for (JudgedFinding& judged : findings) order.push_back(&judged);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return comes_first(*a, *b); });
  std::vector<JudgedFinding> sorted;
  sorted.reserve(findings.size());
  for (JudgedFinding* const judged : order) sorted.push_back(std::move(*judged));
  return sorted;
}

bool is_worse(const JudgedFinding& a, const JudgedFinding& b) {
  const bool a_blocks = a.status == Status::blocks;
  const bool b_blocks = b.status == Status::blocks;
  return a_blocks != b_blocks ? a_blocks : comes_first(a, b);
}

// Of its texts.
std::size_t bytes_of(const JudgedFinding& judged) {
  const Finding& finding = judged.finding;
  const Package& package = finding.package;
  std::size_t bytes = judged.why.size();
  for (const std::string* text :
       {&finding.id, &finding.fixed, &finding.published, &finding.summary, &package.name, &package.version,
        &package.architecture, &package.source_name, &package.source_version, &package.path, &package.module}) {
    bytes += text->size();
  }
  for (const std::string& alias : finding.aliases) bytes += alias.size();
  return bytes;
}

// By the policy, and not by an exemption.
bool is_let_through(Status status) {
  return status == Status::below_threshold || status == Status::no_fix;
}

// A damaged image may give any number of reasons.
void bound(std::vector<std::string>& sentences) {
  if (sentences.size() <= kMaxReasons) return;
  const std::size_t more = sentences.size() - kMaxReasons;
  sentences.resize(kMaxReasons);
  sentences.push_back("and " + std::to_string(more) + " more");
}

// By id: many of one kind do not hide another.
void bound(std::vector<Reason>& reasons) {
  if (reasons.size() <= kMaxReasons) return;
  std::array<std::size_t, kReasons> counts{};
  std::vector<Reason> kept;
  for (Reason& reason : reasons) {
    if (++counts[static_cast<std::size_t>(reason.id)] <= kMaxReasons) kept.push_back(std::move(reason));
  }
  for (std::size_t id = 0; id < kReasons; ++id) {
    if (counts[id] <= kMaxReasons) continue;
    kept.push_back({static_cast<ReasonId>(id), "and " + std::to_string(counts[id] - kMaxReasons) + " more"});
  }
  reasons = std::move(kept);
}

}  // namespace

const Exemption* Judge::exemption_of(const Finding& finding) {
  const Exemption* first = nullptr;
  for (std::size_t i = 0; i < policy_.ignore.size(); ++i) {
    if (!speaks_of(policy_.ignore[i], finding) || !holds(policy_.ignore[i], now_)) continue;
    used_[i] = true;
    if (first == nullptr) first = &policy_.ignore[i];
  }
  return first;
}

void Judge::add(Finding&& finding) {
  const Exemption* const exemption = exemption_of(finding);
  counts_.add(finding.severity, !finding.fixed.empty());
  if (kept_.capacity() == 0) kept_.reserve(kRoomForFindings);
  JudgedFinding& judged = kept_.emplace_back();
  judged.finding = std::move(finding);  // here at once: it has a dozen texts to be moved
  judge_finding(policy_, exemption, judged);
  if (exemption != nullptr) ++exempted_;
  if (judged.finding.is_malicious && judged.status == Status::below_threshold) ++malicious_accepted_;
  if (judged.finding.is_known_exploited() && is_let_through(judged.status)) ++exploited_accepted_;
  ++total_;
  if (judged.status == Status::blocks) ++blocking_;
  kept_bytes_ += bytes_of(judged);
  if (kept_.size() == 2 * kMaxReportedFindings || kept_bytes_ > 2 * kMaxReportedBytes) keep_the_worst();
}

bool Judge::accepts_doubt(const Finding& finding, const std::string& why) {
  const Exemption* const exemption = exemption_of(finding);
  if (exemption == nullptr) return false;
  if (++accepted_total_ <= kMaxReasons) {
    accepted_doubts_.push_back({ReasonId::doubt_accepted,
                                finding.package.name + ": " + finding.id + ": " + why + "; " + because_of(*exemption)});
  }
  return true;
}

void Judge::keep_the_worst() {
  if (kept_.size() > kMaxReportedFindings) {
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(kMaxReportedFindings);
    std::nth_element(kept_.begin(), end, kept_.end(), is_worse);
    std::for_each(end, kept_.end(), [&](const JudgedFinding& left) { kept_bytes_ -= bytes_of(left); });
    kept_.erase(end, kept_.end());
  }
  if (kept_bytes_ > kMaxReportedBytes) keep_within_bytes();
}

void Judge::keep_within_bytes() {
  std::sort(kept_.begin(), kept_.end(), is_worse);
  while (kept_bytes_ > kMaxReportedBytes && !kept_.empty()) {
    kept_bytes_ -= bytes_of(kept_.back());
    kept_.pop_back();
  }
}

ImageVerdict Judge::conclude(std::string index, std::string image, Sbom sbom, const Evidence& evidence) {
  keep_the_worst();
  Weighed weighed = weigh(policy_, now_, evidence);

  ImageVerdict verdict;
  verdict.index = std::move(index);
  verdict.image = std::move(image);
  verdict.outcome = blocking_ > 0 ? Outcome::fail : weighed.undecided.empty() ? Outcome::pass : Outcome::undecided;
  verdict.findings = in_order_of_report(std::move(kept_));
  verdict.findings_total = total_;
  verdict.findings_blocking = blocking_;
  verdict.findings_exempted = exempted_;
  verdict.counts = counts_;
  verdict.undecided = std::move(weighed.undecided);
  verdict.warnings = std::move(weighed.warnings);
  if (malicious_accepted_ > 0 && policy_.on_malicious == Reaction::warn) {
    verdict.warnings.push_back({ReasonId::malicious, std::to_string(malicious_accepted_) +
                                                         (malicious_accepted_ == 1 ? " finding is" : " findings are") +
                                                         " malware, which the policy lets through (onMalicious)"});
  }
  if (exploited_accepted_ > 0 && policy_.on_known_exploited == Reaction::warn) {
    verdict.warnings.push_back(
        {ReasonId::known_exploited, std::to_string(exploited_accepted_) +
                                        (exploited_accepted_ == 1 ? " finding is" : " findings are") +
                                        " known to be exploited, which the policy lets through (onKnownExploited)"});
  }
  if (accepted_total_ > kMaxReasons) {
    verdict.warnings.push_back({ReasonId::doubt_accepted, "exemptions accept " + std::to_string(accepted_total_) +
                                                              " vulnerabilities that could not be decided"});
  }
  std::move(accepted_doubts_.begin(), accepted_doubts_.end(), std::back_inserter(verdict.warnings));
  verdict.packages = sbom.packages.size();
  verdict.os = std::move(sbom.os);
  verdict.coverage = std::move(sbom.coverage);
  verdict.confinement = std::move(sbom.confinement);
  bound(verdict.undecided);
  bound(verdict.warnings);
  bound(verdict.coverage.incomplete);
  bound(verdict.coverage.unmatched);
  return verdict;
}

std::vector<Reason> expired_exemptions(const Policy& policy, std::chrono::sys_seconds now) {
  std::vector<Reason> reasons;
  for (const Exemption& e : policy.ignore) {
    if (holds(e, now)) continue;
    reasons.push_back({ReasonId::exemption_expired, "the exemption of " + subject_of(e) + " ended at " + e.expires_at +
                                                        " and no longer applies; renew or remove it"});
  }
  return reasons;
}

std::vector<Reason> unused_exemptions(const Policy& policy, std::chrono::sys_seconds now,
                                      const std::vector<bool>& used) {
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < policy.ignore.size(); ++i) {
    const Exemption& e = policy.ignore[i];
    if (used[i] || !e.check.empty() || !holds(e, now)) continue;
    reasons.push_back({ReasonId::exemption_unused, "the exemption of " + subject_of(e) + " matched nothing"});
  }
  bound(reasons);
  return reasons;
}

void conclude(Verdict& verdict) {
  verdict.outcome = verdict.images.empty() ? Outcome::undecided : Outcome::pass;
  for (const ImageVerdict& image : verdict.images) verdict.outcome = std::max(verdict.outcome, image.outcome);
}

}  // namespace initscan
