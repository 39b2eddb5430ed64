#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxChunkLine = 4 << 10;   // bytes of a chunk's size and extensions, or of a trailer field
inline constexpr std::size_t kMaxTrailer = 8 << 10;     // bytes of all trailer fields
inline constexpr std::size_t kFramingGrace = 16 << 10;  // what is not data may be as long as the data, and this longer

// What one step has taken of the input, and what of it is the body's.
struct BodyPiece {
  std::size_t taken = 0;
  std::string_view data;  // a part of the input
};

// Takes a chunked body apart. Nothing is kept but counts: extensions and trailers, which nobody here asks for, are
// skipped as they come.
//
// Grammar: RFC 9112, section 7.1.
// Errors:  over_limit - the body's own limit, or one of those above; malformed.
class ChunkedBody {
 public:
  /// `max_bytes` of data; nullopt where the body may be as long as it lasts.
  explicit ChunkedBody(std::optional<std::uint64_t> max_bytes) : max_bytes_(max_bytes) {}

  /// Takes at least one byte of `bytes`, which is not empty. Not to be called once it is done.
  Result<BodyPiece> take(std::string_view bytes);

  bool is_done() const { return state_ == State::done; }

  /// Whether it was the data that was too long, not what is around it.
  bool is_data_over_limit() const { return is_data_over_limit_; }

 private:
  enum class State : std::uint8_t {
    size,       // its first digit
    digits,     // the others
    extension,  // up to the end of the line
    size_end,   // LF
    data,
    data_cr,
    data_lf,
    trailer,  // the first byte of a line
    field,    // the others
    field_end,
    last_lf,
    done
  };

  Result<void> take_framing(char c);
  Result<void> take_digit(char c);
  Result<void> begin_chunk();

  const std::optional<std::uint64_t> max_bytes_;
  State state_ = State::size;
  std::uint64_t left_ = 0;     // of this chunk
  std::uint64_t data_ = 0;     // announced so far, this chunk included
  std::uint64_t framing_ = 0;  // bytes so far
  std::size_t line_ = 0;       // bytes of this line
  std::size_t trailer_ = 0;    // bytes of all its lines
  bool is_data_over_limit_ = false;
};

}  // namespace initscan
