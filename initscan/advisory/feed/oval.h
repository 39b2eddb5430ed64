#pragma once

#include "common/result.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxOvalParts = 4'000'000;       // tests, objects and states of one document
inline constexpr std::size_t kMaxOvalAlternatives = 200'000;  // of one definition
inline constexpr std::size_t kMaxOvalReferences = 20'000;     // of one definition

// What a test asks of an installed package: each of these that its state names.
struct OvalCondition {
  struct Comparison {
    std::string operation;  // "less than", as OVAL spells it; "": not asked
    std::string value;
  };
  std::string comment;  // of the criterion that names the test, or else its own: "bind is earlier than 30:9.3.3-8.el5"
  std::string package;  // "" where the test is of something else
  Comparison evr;       // epoch, version and release
  Comparison version;
  Comparison release;
  Comparison architecture;
  bool is_signature = false;  // who signed the package, and nothing else
  bool is_unknown = false;    // the test or a part of it is missing: there is only the comment
};

// A definition, with its criteria multiplied out: it holds where all conditions of one of the alternatives do.
struct OvalDefinition {
  std::string id;
  std::string title;
  std::vector<std::pair<std::string, std::string>> references;  // source and id: "CVE", "CVE-2007-0493"
  std::vector<std::string> cves;                                // of `advisory`
  std::string severity;
  std::string impact;  // of the first CVE
  std::string cvss;    // its vector, of version 3
  std::string issued;  // "2007-06-26", or RFC 3339
  std::string updated;
  std::string patchable;  // Azure Linux: "true", "false", "Not Applicable"
  std::deque<OvalCondition> conditions;
  std::vector<std::vector<const OvalCondition*>> alternatives;  // of `conditions`
  bool is_unclear = false;                                      // its criteria hold what is not understood
};

using OvalSink = std::function<Result<void>(OvalDefinition&&)>;

/// Reads OVAL definitions of packages, twice: tests, objects and states stand behind the definitions that name them.
/// Memory: tests, objects and states, and one definition.
/// Source: oval.mitre.org, OVAL 5.11, definitions and linux schema.
/// Errors, with line and definition: malformed; over_limit; and those of the sink.
Result<void> read_oval(std::string_view xml, const OvalSink& sink);

}  // namespace initscan
