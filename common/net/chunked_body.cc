#include "common/net/chunked_body.h"

#include <algorithm>
#include <limits>
#include <string>

namespace initscan {
namespace {

Error wrong(const char* text) {
  return {Errc::malformed, std::string("chunked body: ") + text};
}

Error too_long(const char* what, std::uint64_t most) {
  return {Errc::over_limit, std::string("chunked body: ") + what + " of more than " + std::to_string(most) + " bytes"};
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What may stand in an extension or a trailer field, obs-text included.
bool is_text(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
}

}  // namespace

Result<BodyPiece> ChunkedBody::take(std::string_view bytes) {
  if (state_ == State::data) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    left_ -= count;
    if (left_ == 0) state_ = State::data_cr;
    return BodyPiece{count, bytes.substr(0, count)};
  }
  BodyPiece piece;
  while (piece.taken < bytes.size() && state_ != State::data && state_ != State::done) {
    if (auto done = take_framing(bytes[piece.taken]); !done) return done.error();
    ++piece.taken;
    if (++framing_ > kFramingGrace + data_) return too_long("extensions and framing", kFramingGrace);
  }
  return piece;
}

Result<void> ChunkedBody::take_framing(char c) {
  if (++line_ > kMaxChunkLine) return too_long("a line", kMaxChunkLine);
  const bool in_trailer = state_ == State::trailer || state_ == State::field || state_ == State::field_end;
  if (in_trailer && ++trailer_ > kMaxTrailer) return too_long("a trailer", kMaxTrailer);
  const auto expect = [&](char want, State next) -> Result<void> {
    if (c != want) return wrong("want CR LF at the end of a line");
    state_ = next;
    line_ = 0;
    return {};
  };
  switch (state_) {
    case State::size:
    case State::digits: return take_digit(c);
    case State::extension:
      if (c == '\r') {
        state_ = State::size_end;
      } else if (!is_text(c)) {
        return wrong("a control character in an extension");
      }
      return {};
    case State::size_end:
      if (auto ended = expect('\n', State::data); !ended) return ended;
      return begin_chunk();
    case State::data_cr: return expect('\r', State::data_lf);
    case State::data_lf: return expect('\n', State::size);
    case State::trailer:
    case State::field:
      if (c == '\r') {
        state_ = state_ == State::trailer ? State::last_lf : State::field_end;
      } else if (is_text(c)) {
        state_ = State::field;
      } else {
        return wrong("a control character in a trailer");
      }
      return {};
    case State::field_end: return expect('\n', State::trailer);
    case State::last_lf: return expect('\n', State::done);
    case State::data:
    case State::done: break;
  }
  return wrong("more than its end");
}

Result<void> ChunkedBody::take_digit(char c) {
  const int digit = digit_of(c);
  if (digit >= 0) {
    if (state_ == State::size) left_ = 0;
    if (left_ > std::numeric_limits<std::uint64_t>::max() >> 4) return wrong("a chunk's size has too many digits");
    left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
    state_ = State::digits;
    return {};
  }
  if (state_ == State::size) return wrong("want a chunk's size");
  if (c == '\r') {
    state_ = State::size_end;
  } else if (c == ';' || c == ' ' || c == '\t') {
    state_ = State::extension;
  } else {
    return wrong("want a chunk's size");
  }
  return {};
}

Result<void> ChunkedBody::begin_chunk() {
  if (left_ == 0) {
    state_ = State::trailer;
    return {};
  }
  const std::uint64_t most = max_bytes_.value_or(std::numeric_limits<std::uint64_t>::max());
  if (left_ > most - data_) {
    is_data_over_limit_ = true;
    return Error{Errc::over_limit, "a body of more than " + std::to_string(most) + " bytes"};
  }
  data_ += left_;
  return {};
}

}  // namespace initscan
