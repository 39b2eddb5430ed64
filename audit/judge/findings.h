#pragma once

#include "audit/judge/text_pool.h"
#include "audit/model/report.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace initscan::audit {

// Answers of one check about one container that differ from each other and are kept apart; with more, one represents
// them all. Bounds what 100,000 replicas can make of one question.
inline constexpr std::size_t kMaxVariants = 16;

// What the checks say of all pods of one workload. Replicas that say the same are one finding. The order in which
// pods are added does not matter. There is one for each of 10,000 owners until the last pod has passed by, so it is
// made of two flat lists.
class Findings {
 public:
  void add(const Pod& pod, const std::vector<CheckResult>& results, TextPool& texts);

  /// Results that only all pods together give.
  void add_shared(const std::vector<CheckResult>& results, std::size_t pods, TextPool& texts);

  /// Failures and unknowns: failures first, then by severity, check, container. Ends the object's use.
  std::vector<WorkloadResult> take();

  std::size_t passed() const { return count(Outcome::pass); }
  std::size_t skipped() const { return count(Outcome::skip); }

 private:
  // The pod that represents a finding: the one that has run longest, because its figures are the largest.
  struct Variant {
    WorkloadResult found;
    std::optional<Time> since;
    bool stands_for_all = false;  // there were too many variants of its question
  };
  // Of one container, or of the pod: the worst outcome of each check, by its place in all_checks(). A byte each,
  // because most pass.
  struct Worst {
    Text container;
    ContainerKind kind;
    std::vector<std::uint8_t> outcomes;  // kNotAsked, or 1 + Outcome
  };
  using Variants = std::vector<Variant>;

  void note_outcome(const CheckResult& result);
  void add_one(const CheckResult& result, const Text& pod, std::optional<Time> since, std::size_t pods,
               TextPool& texts);
  void merge(Variants::iterator first, Variants::iterator last);
  std::size_t count(Outcome outcome) const;

  Variants variants_;  // those of one question (check, container, outcome) next to each other
  std::vector<Worst> worst_;
};

}  // namespace initscan::audit
