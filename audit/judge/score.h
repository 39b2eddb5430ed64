#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace initscan::audit {

// What a failed check means for the judgement.
enum class Meaning : std::uint8_t {
  eases_change,  // makes a change likelier or worse
  can_change,    // the container can be changed while it runs
  has_changed,   // it is no longer what was started, or what was scanned: rotate
  has_aged,      // rotate what can change
};

// A row of the score (docs/users/audit-score.md has the same table).
struct Weight {
  std::string_view check;
  int points = 0;  // of 100
  Meaning meaning = Meaning::eases_change;
};

std::span<const Weight> score_weights();

inline constexpr int kMaxScore = 100;
inline constexpr int kMutableFrom = 40;  // make immutable from this score on, even where no single check says so

/// Judges a workload whose containers and results are filled in, exceptions applied: scores, urgency, action and the
/// reasons for each. An unknown answer counts half its points, and keeps the workload from being fine.
/// `exposure_gap`: why its exposure is not known, "" where it is; it counts as the widest then.
void judge(Workload& workload, const AuditPolicy& policy, Time now, std::string_view exposure_gap);

}  // namespace initscan::audit
