#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxCsvFields = 64;  // of a row
inline constexpr std::size_t kMaxCsvFieldBytes = 64 << 10;

// Reads comma-separated values row by row (RFC 4180): a field in quotation marks may hold commas, line ends, and marks
// that are doubled. Rows end with a line feed, with or without a carriage return before it.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  /// Takes the next row; false where there is none. Errors, with the line: malformed - a mark that is not closed, or
  /// followed by something else; over_limit.
  Result<bool> next(std::vector<std::string>& fields);

  std::size_t line() const { return row_line_; }  // on which the row began

 private:
  Result<std::string> field();
  Result<std::string> quoted_field();
  Error at_line(Errc code, const std::string& what) const;

  std::string_view rest_;
  std::size_t line_ = 1;
  std::size_t row_line_ = 0;
};

}  // namespace initscan
