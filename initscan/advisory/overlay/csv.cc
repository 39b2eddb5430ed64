#include "initscan/advisory/overlay/csv.h"

#include <algorithm>
#include <utility>

namespace initscan {

Error CsvReader::at_line(Errc code, const std::string& what) const {
  return {code, std::to_string(line_) + ": " + what};
}

Result<std::string> CsvReader::quoted_field() {
  std::string text;
  for (rest_.remove_prefix(1);;) {
    const std::size_t mark = rest_.find('"');
    if (mark == rest_.npos) return at_line(Errc::malformed, "a quotation mark is never closed");
    const std::string_view piece = rest_.substr(0, mark);
    line_ += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    if (text.size() + piece.size() >= kMaxCsvFieldBytes) return at_line(Errc::over_limit, "a field that is too long");
    text += piece;
    rest_.remove_prefix(mark + 1);
    if (!rest_.starts_with('"')) return text;
    text += '"';
    rest_.remove_prefix(1);
  }
}

Result<std::string> CsvReader::field() {
  if (rest_.starts_with('"')) return quoted_field();
  const std::string_view text = rest_.substr(0, rest_.find_first_of(",\r\n"));
  if (text.size() > kMaxCsvFieldBytes) return at_line(Errc::over_limit, "a field that is too long");
  rest_.remove_prefix(text.size());
  return std::string(text);
}

Result<bool> CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  row_line_ = line_;
  if (rest_.empty()) return false;
  for (;;) {
    if (fields.size() == kMaxCsvFields) return at_line(Errc::over_limit, "too many fields");
    auto text = field();
    if (!text) return text.error();
    fields.push_back(std::move(*text));
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.empty()) return true;
    const char next = rest_.front();
    rest_.remove_prefix(1);
    if (next == '\n') {
      ++line_;
      return true;
    }
    if (next != ',') return at_line(Errc::malformed, "want a comma or the end of the line after a field");
  }
}

}  // namespace initscan
