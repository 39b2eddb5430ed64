#pragma once

#include "audit/model/report.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace initscan::audit {

// Answers of one check about one container that differ from each other and are kept apart; with more, one stands
// for all. Bounds what 100,000 replicas can make of one question.
inline constexpr std::size_t kMaxVariants = 16;

// What the checks say of all pods of one workload. Replicas that say the same are one finding. The order in which
// pods are added does not matter.
class Findings {
 public:
  void add(const Pod& pod, std::vector<CheckResult> results);

  /// Results that only all pods together give.
  void add_shared(std::vector<CheckResult> results, std::size_t pods);

  /// Failures and unknowns: failures first, then by severity, check, container. Ends the object's use.
  std::vector<WorkloadResult> take();

  std::size_t passed() const { return count(Outcome::pass); }
  std::size_t skipped() const { return count(Outcome::skip); }

 private:
  // The pod that stands for a finding: the one that has run longest, because its figures are the largest.
  struct Variant {
    WorkloadResult found;
    std::optional<Time> since;
  };
  using Question = std::tuple<const Check*, ContainerKind, std::string>;  // of a container
  struct Answers {
    std::vector<Variant> variants;
    bool merged = false;  // too many of them: one stands for all
  };
  using Container = std::pair<ContainerKind, std::string>;

  void add_one(CheckResult result, const std::string& pod, std::optional<Time> since, std::size_t pods);
  void note_outcome(const CheckResult& result);
  std::size_t count(Outcome outcome) const;

  std::map<std::pair<Question, Outcome>, Answers> answers_;
  // The worst outcome of each check, by its place in all_checks(): a byte each, because most pass.
  std::map<Container, std::vector<Outcome>> worst_;
  std::map<Container, std::vector<bool>> asked_;
};

}  // namespace initscan::audit
