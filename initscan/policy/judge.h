#pragma once

#include "initscan/model/policy.h"
#include "initscan/model/verdict.h"
#include "initscan/policy/evidence.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxReportedFindings = 10'000;  // of one image; the rest is counted
inline constexpr std::size_t kMaxReportedBytes = 32 << 20;   // of the texts of these; each repeats its package
inline constexpr std::size_t kMaxReasons = 100;              // of one id, of one image; the rest is counted

// Applies a policy to one image. Findings come one by one, and the worst are kept: a hostile image may have any number.
// The moment is given; nothing else is asked.
class Judge {
 public:
  Judge(const Policy& policy, std::chrono::sys_seconds now) : policy_(policy), now_(now), used_(policy.ignore.size()) {}

  void add(Finding&& finding);

  /// Whether the policy exempts a vulnerability for which it cannot be decided whether the package has it; the verdict
  /// then says so. It is exempted where it would be, were it a finding.
  bool accepts_doubt(const Finding& finding, const std::string& why);

  /// A finding that blocks fails the image; a doubt that the policy denies leaves it undecided; only then does it pass.
  ImageVerdict conclude(std::string index, std::string image, Sbom sbom, const Evidence& evidence);

  /// Of each exemption of the policy, whether it spoke of anything.
  const std::vector<bool>& used() const { return used_; }

 private:
  /// The first that applies; nullptr if there is none.
  const Exemption* exemption_of(const Finding& finding);
  void keep_the_worst();
  void keep_within_bytes();

  const Policy& policy_;
  std::chrono::sys_seconds now_;
  std::vector<JudgedFinding> kept_;
  std::size_t kept_bytes_ = 0;
  std::size_t total_ = 0;
  std::size_t blocking_ = 0;
  std::size_t exempted_ = 0;
  std::size_t malicious_accepted_ = 0;  // by onMalicious
  std::size_t exploited_accepted_ = 0;  // that do not block, and not by an exemption
  FindingCounts counts_;
  std::vector<bool> used_;
  std::vector<Reason> accepted_doubts_;  // the first kMaxReasons
  std::size_t accepted_total_ = 0;
};

/// One for each exemption that has run out by `now`.
std::vector<Reason> expired_exemptions(const Policy& policy, std::chrono::sys_seconds now);

/// One for each exemption of vulnerabilities that holds and matched nothing; `used`: see Judge::used().
std::vector<Reason> unused_exemptions(const Policy& policy, std::chrono::sys_seconds now,
                                      const std::vector<bool>& used);

/// Fills in the outcome: the worst of the images, undecided if there are none.
void conclude(Verdict& verdict);

}  // namespace initscan
