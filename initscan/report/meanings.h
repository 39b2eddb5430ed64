#pragma once

#include "initscan/model/reason.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What an id stands for.
enum class MeaningKind : std::uint8_t { verdict, status, reason };

// What an id of a report means and what to do about it. Sentences for people; nothing parses them.
struct Meaning {
  MeaningKind kind;
  std::string_view id;
  std::string_view title;            // a few words
  std::string_view meaning;          // sentences
  std::string_view action;           // sentences
  std::string_view key;              // of the policy, which says what comes of it: "onNoData"; "": none does
  std::optional<ReasonId> reason{};  // of kind `reason`
};

/// Every id there is: verdicts, then statuses of findings, then reasons, each in the order of its enum.
const std::vector<Meaning>& all_meanings();

/// nullptr where there is none.
const Meaning* meaning_of(std::string_view id);

/// The ids that somebody may have meant who wrote `word`, the nearest first: misspelt ones, parts of ids, and those
/// that a key of the policy decides.
std::vector<std::string_view> ids_near(std::string_view word);

}  // namespace initscan
