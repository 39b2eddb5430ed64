#pragma once

#include "initscan/model/finding.h"
#include "initscan/model/policy.h"
#include "initscan/model/reason.h"
#include "initscan/model/sbom.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// Ordered: of several images the last one in this order decides. An image that fails its policy is
// decided, whatever else is not known about it; so `fail` ranks above `undecided`.
enum class Outcome : std::uint8_t { pass, undecided, fail };

constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "pass";
    case Outcome::undecided: return "undecided";
    case Outcome::fail: return "fail";
  }
  return "undecided";
}

// What the policy made of one finding.
enum class Status : std::uint8_t { blocks, below_threshold, no_fix, exempted };

constexpr std::string_view to_string(Status status) {
  switch (status) {
    case Status::blocks: return "blocks";
    case Status::below_threshold: return "below-threshold";
    case Status::no_fix: return "no-fix";
    case Status::exempted: return "exempted";
  }
  return "blocks";
}

struct JudgedFinding {
  Finding finding;
  Status status = Status::blocks;
  std::string why;  // for people: "high, policy fails on critical"; an exemption's reason and end

  bool operator==(const JudgedFinding&) const = default;
};

// The judgement of one image.
struct ImageVerdict {
  std::string index;  // "0": how the command line numbers it
  std::string image;  // reference as the pod names it, or the path that was scanned
  Outcome outcome = Outcome::undecided;
  std::vector<JudgedFinding> findings;  // in the order of MatchResult; the worst where there are too many
  std::size_t findings_total = 0;       // with those that are only counted
  std::size_t findings_blocking = 0;
  std::vector<Reason> undecided;  // why it cannot be decided
  std::vector<Reason> warnings;   // what does not change the outcome and should be known
  OsRelease os;
  std::size_t packages = 0;
  Coverage coverage;
  std::string confinement;
  std::size_t findings_exempted = 0;
  FindingCounts counts;     // of all of them, exempted ones, too
  std::string sbom_sha256;  // of the SBOM as it was read; "" where there is none

  bool operator==(const ImageVerdict&) const = default;
};

struct Verdict {
  Outcome outcome = Outcome::undecided;  // the worst of its images; undecided without any
  std::string policy_name;
  Enforcement enforcement = Enforcement::enforce;
  std::string policy_sha256;  // of the policy's canonical JSON
  std::string data_date;      // of the newest record in the index, RFC 3339, or ""
  std::vector<ImageVerdict> images;
  std::vector<Reason> warnings;                        // of the policy itself: an exemption that has expired
  std::vector<Reason> notes{};                         // of less weight: an exemption that matched nothing here
  std::map<std::string, std::string> overlay_dates{};  // as of MatchResult
};

}  // namespace initscan
