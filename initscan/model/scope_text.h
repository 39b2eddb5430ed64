#pragma once

#include "initscan/model/advisory.h"

#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// A scope whose texts lie elsewhere.
struct ScopeView {
  std::string_view cpes;  // separated by spaces
  std::string_view product;
  std::string_view module;
  std::string_view flavour;
  std::string_view architectures;  // separated by spaces

  bool operator==(const ScopeView&) const = default;
};

/// A scope as one text, as an index keeps it: each field ends with a line feed; "" where nothing is restricted.
/// nullopt where a field has a character that would part it: no vendor writes such, and who guessed would open the
/// scope or close it.
std::optional<std::string> scope_text(const AdvisoryScope& scope);

/// nullopt for what scope_text() does not write.
std::optional<ScopeView> scope_in(std::string_view text);

}  // namespace initscan
