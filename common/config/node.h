#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxConfigNodes = 200'000;  // values of one text or object, aliases expanded
inline constexpr std::size_t kMaxConfigDepth = 50;

enum class ConfigKind : std::uint8_t { null, boolean, number, text, list, mapping };

// The way to a value of an object that has no lines: ".spec", "[2]".
struct ConfigStep {
  std::shared_ptr<const ConfigStep> parent;  // nullptr: the object itself
  std::string name;                          // of a key; "" of a list's item
  std::size_t item = 0;
};

// Where a value is: in a text its line and column, from 1; in an object of the API server its path.
struct ConfigPlace {
  int line = 0;    // 0: not in a text
  int column = 0;  // in bytes; 0: only the line is known
  std::shared_ptr<const ConfigStep> path;
};

/// "7:5", ".spec.ignore[2].expiresAt"; "" of an object itself.
std::string to_text(const ConfigPlace& place);

/// malformed, with the place before the text: "7:5: unknown key ...".
Error at_place(const ConfigPlace& place, std::string text, Errc code = Errc::malformed);

struct ConfigNode;
struct ConfigEntry;

// One value of what configures a program, whatever it was written in: policies and exemptions, from a file or from the
// API server. StrictMapping reads it. Made whole before it is read, so it is not for what comes in numbers or in bulk:
// SBOMs, feeds, admission reviews, and lists of pods have streaming readers of their own.
struct ConfigNode {
  ConfigKind kind = ConfigKind::null;
  ConfigPlace place;
  std::string words;                 // of a boolean, a number or a text, as it is written
  std::vector<ConfigNode> items;     // of a list
  std::vector<ConfigEntry> entries;  // of a mapping, in the order of the text; a key may be given twice

  bool is_scalar() const {
    return kind == ConfigKind::boolean || kind == ConfigKind::number || kind == ConfigKind::text;
  }

  /// The first value of a key; nullptr where there is none, or this is no mapping.
  const ConfigNode* find(std::string_view key) const;
};

struct ConfigEntry {
  std::string key;
  ConfigPlace key_place;
  ConfigNode value;
};

/// Text at a key; "" where there is none, or something else.
std::string text_in(const ConfigNode& mapping, std::string_view key);

// Counts the values of a tree while it is made.
class ConfigBudget {
 public:
  /// Errors: over_limit, with the place.
  Result<void> take(const ConfigPlace& place, std::size_t depth);

 private:
  std::size_t nodes_ = 0;
};

}  // namespace initscan
