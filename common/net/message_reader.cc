#include "common/net/message_reader.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

namespace initscan {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

template <bool is_request>
MessageReader<is_request>::MessageReader(const MessageLimits& limits) : limits_(limits), chunked_(limits.body_bytes) {
  // Both are met here, before Beast sees a byte.
  parser_.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser_.body_limit(boost::none);
  parser_.eager(false);
}

template <bool is_request>
Error MessageReader<is_request>::failed(MessageFault fault, Error error) {
  fault_ = fault;
  return error;
}

template <bool is_request>
Result<BodyPiece> MessageReader<is_request>::take(std::string_view bytes) {
  if (has_head()) return take_body(bytes);
  const auto taken = take_head(bytes);
  if (!taken) return taken.error();
  return BodyPiece{*taken, {}};
}

template <bool is_request>
Result<std::size_t> MessageReader<is_request>::take_head(std::string_view bytes) {
  const std::size_t before = head_text_.size();
  head_text_ += bytes.substr(0, limits_.header_bytes - before);
  const std::size_t end = head_text_.find(kHeadEnd, before - std::min(before, kHeadEnd.size() - 1));
  if (end == head_text_.npos) {
    if (head_text_.size() >= limits_.header_bytes) {
      return failed(MessageFault::header_limit,
                    {Errc::over_limit, "a header of more than " + std::to_string(limits_.header_bytes) + " bytes"});
    }
    return bytes.size();
  }
  head_text_.resize(end + kHeadEnd.size());
  const std::size_t taken = head_text_.size() - before;
  if (auto read = read_head(); !read) return read.error();
  head_text_ = std::string();
  return taken;
}

template <bool is_request>
Result<void> MessageReader<is_request>::read_head() {
  beast::error_code ec;
  try {
    parser_.put(asio::buffer(head_text_), ec);
  } catch (const std::length_error&) {
    // Beast's fields hold 64 KiB at the most, and throw.
    return failed(MessageFault::header_limit, {Errc::over_limit, "a header field that is too long"});
  }
  if (ec) return failed(MessageFault::malformed, {Errc::malformed, ec.message()});
  if (!parser_.is_header_done()) return failed(MessageFault::malformed, {Errc::malformed, "a header without an end"});
  return choose_body();
}

template <bool is_request>
Result<void> MessageReader<is_request>::choose_body() {
  const auto& head = parser_.get();
  if (const auto coding = head.find(http::field::transfer_encoding); coding != head.end()) {
    if (!parser_.chunked() || !beast::iequals(coding->value(), "chunked")) {
      return failed(MessageFault::malformed, {Errc::unsupported, "want no Transfer-Encoding but chunked"});
    }
  }
  body_kind_ = BodyKind::none;
  if constexpr (!is_request) {
    const unsigned status = head.result_int();
    if (status < 200 || status == 204 || status == 304) {
      is_done_ = true;
      return {};
    }
  }
  const std::uint64_t most = limits_.body_bytes.value_or(std::numeric_limits<std::uint64_t>::max());
  if (parser_.chunked()) {
    body_kind_ = BodyKind::chunked;
  } else if (const auto length = parser_.content_length()) {
    announced_ = left_ = *length;
    if (*length > 0) body_kind_ = BodyKind::sized;
    if (*length > most) {
      return failed(MessageFault::body_limit,
                    {Errc::over_limit, "a body of more than " + std::to_string(most) + " bytes"});
    }
  } else if (!is_request) {
    body_kind_ = BodyKind::to_the_end;
    left_ = most;
  }
  is_done_ = body_kind_ == BodyKind::none;
  return {};
}

template <bool is_request>
Result<BodyPiece> MessageReader<is_request>::take_body(std::string_view bytes) {
  if (body_kind_ == BodyKind::chunked) {
    auto piece = chunked_.take(bytes);
    if (!piece) {
      const bool is_body = chunked_.is_data_over_limit();
      return failed(is_body ? MessageFault::body_limit : MessageFault::framing, piece.error());
    }
    is_done_ = chunked_.is_done();
    return piece;
  }
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  left_ -= count;
  if (body_kind_ == BodyKind::to_the_end) {
    if (count < bytes.size()) {
      return failed(MessageFault::body_limit,
                    {Errc::over_limit, "a body of more than " + std::to_string(*limits_.body_bytes) + " bytes"});
    }
  } else {
    is_done_ = left_ == 0;
  }
  return BodyPiece{count, bytes.substr(0, count)};
}

template <bool is_request>
Result<void> MessageReader<is_request>::end() {
  if (body_kind_ == BodyKind::to_the_end) is_done_ = true;
  if (is_done_) return {};
  return failed(MessageFault::truncated, {Errc::truncated, "the connection ended inside a message"});
}

template class MessageReader<true>;
template class MessageReader<false>;

}  // namespace initscan
