#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

namespace initscan {

// What the caller can do about a failure; the words for people are in Error. Whoever decides by a failure decides by
// this, and never by the words.
enum class Errc : std::uint8_t {
  failed,       // no more is known than the words say
  io,           // the operating system said no
  not_found,    // what was named is not there: a file, an object of a server
  refused,      // it is known what was wanted, and who wants it may not: a file's mode, HTTP 401 and 403
  distrusted,   // the peer cannot show that it is who it should be
  unavailable,  // not reached, too slow or too busy: later it may be different
  truncated,    // the input ends too early
  malformed,    // the input is not of its format
  unsupported,  // the input is of a format or kind that is not read here
  over_limit,   // the input is larger, deeper or longer than a named limit
  usage,        // the caller's own words are wrong: exit code 64
};

// One failure and the way to it: "alpine.tar: layer 2: lib/apk/db/installed: 7: V: before P:".
struct Error {
  Errc code = Errc::failed;
  std::string text;

  Error within(std::string_view place) && {
    text.insert(0, std::string(place) + ": ");
    return std::move(*this);
  }
};

[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  // Only value() gets here, and Result has no value(): a programming error.
  throw std::logic_error(error.text);
}

// A value or an Error. Ignoring one is a compiler warning, hence an error here.
// Test it, then use *r, or return r.error(); value() is not for use.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
  T& value() = delete;
};

template <>
class [[nodiscard]] Result<void> : public boost::system::result<void, Error> {
 public:
  using boost::system::result<void, Error>::result;
  Result() = default;
  void value() = delete;
};

}  // namespace initscan
