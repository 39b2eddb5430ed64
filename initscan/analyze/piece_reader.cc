#include "initscan/analyze/piece_reader.h"

#include <algorithm>

namespace initscan {

Result<std::string_view> PieceReader::read(std::uint64_t offset, std::size_t bytes) {
  const bool is_there =
      offset >= start_ && offset - start_ <= window_.size() && window_.size() - (offset - start_) >= bytes;
  if (!is_there) {
    window_.resize(std::max(bytes, kReadAheadBytes));
    const auto read = file_->read_at(offset, window_);
    window_.resize(read ? *read : 0);
    start_ = offset;
    if (!read) return read.error();
    if (*read < bytes) {
      return Error{Errc::truncated, "cut short: ends at byte " + std::to_string(offset + *read) +
                                        ", in a piece that goes on to byte " + std::to_string(offset + bytes)};
    }
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(offset - start_), bytes);
}

}  // namespace initscan
