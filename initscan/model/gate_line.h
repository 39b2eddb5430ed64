#pragma once

#include "initscan/model/reason.h"
#include "initscan/model/severity.h"
#include "initscan/model/verdict.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// The first line of a gate's termination message: its verdict for programs. What follows is for people. The gate writes
// it (report/gate_line.h), and the server reads it out of the pod's status.
struct GateLine {
  Outcome outcome = Outcome::undecided;
  bool only_reports = false;  // as its policy says: the gate ends with 0 whatever its verdict is
  // The first of those that leave it undecided; of a pass, why nobody was asked for it, which the policy accepted.
  std::optional<ReasonId> reason;
  FindingCounts counts;               // of all images
  std::string index_date;             // RFC 3339, or ""
  std::string sbom_sha256;            // 64 hexadecimal digits; "" where not every image has an SBOM
  std::chrono::milliseconds took{0};  // from the start of the gate to its verdict

  bool operator==(const GateLine&) const = default;
};

inline constexpr std::string_view kGateLineStart = "initscan/1 ";  // the number: what the rest of the line is
inline constexpr std::size_t kMaxGateLineBytes = 256;              // with its end

/// What a gate's termination message says to people: all of it but the line for programs, of whatever number. Messages
/// of before there was one are all for people.
inline std::string_view words_for_people(std::string_view text) {
  constexpr std::string_view kStart = "initscan/";
  constexpr std::string_view kDigits = "0123456789";
  const bool has_line =
      text.starts_with(kStart) && text.size() > kStart.size() && kDigits.find(text[kStart.size()]) != kDigits.npos;
  if (has_line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text;
}

}  // namespace initscan
