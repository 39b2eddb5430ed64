#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace initscan {

// What has been read from a connection and not yet been taken: never more than one piece. Messages are read with it in
// our own loops, not with Beast's: what Beast throws inside of an operation of its own would end the process.
class Input {
 public:
  std::string_view view() const { return std::string_view(bytes_.data(), end_).substr(begin_); }
  bool empty() const { return begin_ == end_; }
  void drop(std::size_t count) { begin_ += count; }

  /// Reads the next piece. Only where it is empty.
  template <class Stream>
  boost::asio::awaitable<boost::system::error_code> fill(Stream& stream) {
    begin_ = end_ = 0;
    auto [ec, count] =
        co_await stream.async_read_some(boost::asio::buffer(bytes_), boost::asio::as_tuple(boost::asio::use_awaitable));
    end_ = count;
    co_return ec;
  }

 private:
  std::array<char, 8 << 10> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace initscan
