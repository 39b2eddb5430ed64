#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// What initscan-fetch says of one file, in a line of its own.
struct FetchLine {
  enum class Kind : std::uint8_t { progress, fetched, unchanged, failed };

  Kind kind = Kind::progress;
  std::string name;         // of the file
  std::uint64_t bytes = 0;  // that are there; of progress alone
  std::uint64_t total = 0;  // 0: not known; of progress alone
  std::string words;        // why it failed, for people

  bool operator==(const FetchLine&) const = default;
};

/// Letters, digits, '.', '_' and '-', and no '.' at the beginning: a name in a folder that leads nowhere else.
bool is_fetch_name(std::string_view text);

std::string write_line(const FetchLine& line);

/// nullopt: it is none.
std::optional<FetchLine> read_line(std::string_view text);

}  // namespace initscan
