#pragma once

#include "audit/model/report.h"

#include <array>
#include <cstddef>
#include <vector>

namespace initscan::audit {

inline constexpr std::array kActionsByUrgency = {Action::rotate_now, Action::make_immutable, Action::not_started,
                                                 Action::unknown, Action::fine};
inline constexpr std::array kSeveritiesByWeight = {Severity::critical, Severity::high,       Severity::medium,
                                                   Severity::low,      Severity::negligible, Severity::unknown};

// What every format counts, counted in one place.
struct Summary {
  std::size_t pods = 0;
  std::size_t containers = 0;
  std::size_t skipped_pods = 0;
  std::size_t ended_pods = 0;
  std::size_t blocked_pods = 0;
  std::size_t detours = 0;
  std::size_t gaps = 0;
  std::array<std::size_t, kActionsByUrgency.size()> actions{};  // workloads, by Action
  std::array<std::size_t, 6> failures{};                        // results that fail and are not accepted, by Severity
  std::size_t unknown = 0;                                      // results that are not known and not accepted
  std::size_t accepted = 0;
  std::size_t appeared = 0;  // failures that the last audit did not have
  std::size_t passed = 0;

  std::size_t of(Action action) const { return actions[static_cast<std::size_t>(action)]; }
  std::size_t of(Severity severity) const { return failures[static_cast<std::size_t>(severity)]; }
  std::size_t failed() const;
};

Summary summary_of(const AuditReport& report);

/// A failure that counts: it is not accepted by an exception.
bool counts(const WorkloadResult& result);

/// The checks that results of the report speak of, each once, by id.
std::vector<const Check*> checks_of(const AuditReport& report);

}  // namespace initscan::audit
