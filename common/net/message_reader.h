#pragma once

#include "common/net/chunked_body.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace initscan {

// What one message may hold. Everything between two messages is counted against one of these or of ChunkedBody's.
struct MessageLimits {
  std::size_t header_bytes = 16 << 10;
  std::optional<std::uint64_t> body_bytes;  // nullopt: as long as it lasts, as of a watch
};

// Which of its parts a message cannot be read for.
enum class MessageFault : std::uint8_t { none, header_limit, body_limit, framing, malformed, truncated };

// Reads one HTTP/1.1 message from its bytes, however they are split: its head through Beast, once it is whole; its body
// is handed on as it comes. No socket, no clock, no exception; the bytes are attacker-controlled.
//
// Source: RFC 9112. Transfer-Encoding is "chunked" or refused: what cannot be delimited cannot be bounded.
template <bool is_request>
class MessageReader {
 public:
  using Head = boost::beast::http::header<is_request, boost::beast::http::fields>;

  explicit MessageReader(const MessageLimits& limits);

  /// Takes at least one byte of `bytes`, which is not empty, and none behind the message's end. Errors: over_limit,
  /// malformed.
  Result<BodyPiece> take(std::string_view bytes);

  /// The peer has ended its side. Errors: truncated - the message was not over.
  Result<void> end();

  bool has_head() const { return body_kind_ != BodyKind::unknown; }
  bool is_done() const { return is_done_; }

  /// What the head says, once it is there.
  const Head& head() const { return parser_.get(); }
  bool keep_alive() const { return parser_.keep_alive(); }
  std::optional<std::uint64_t> announced() const { return announced_; }  // bytes of the body

  /// Why take() or end() failed.
  MessageFault fault() const { return fault_; }

 private:
  enum class BodyKind : std::uint8_t { unknown, none, sized, chunked, to_the_end };

  Error failed(MessageFault fault, Error error);
  Result<std::size_t> take_head(std::string_view bytes);
  Result<void> read_head();
  Result<void> choose_body();
  Result<BodyPiece> take_body(std::string_view bytes);

  const MessageLimits limits_;
  std::string head_text_;  // as far as it has come
  boost::beast::http::parser<is_request, boost::beast::http::empty_body> parser_;
  BodyKind body_kind_ = BodyKind::unknown;
  std::optional<std::uint64_t> announced_;
  std::uint64_t left_ = 0;  // of a sized body, or of what one to the end may still be
  ChunkedBody chunked_;
  bool is_done_ = false;
  MessageFault fault_ = MessageFault::none;
};

using RequestReader = MessageReader<true>;
using ResponseReader = MessageReader<false>;

}  // namespace initscan
