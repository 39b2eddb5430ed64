#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace initscan {

enum class ByteOrder : std::uint8_t { little, big };

/// The number at an offset, in whatever order this machine has its own. Where the bytes end before it, it is 0, which
/// none of the formats that are read so has for a length, a page or a mark: what is read is compared with what it may
/// be.
template <class Number>
Number number_at(std::string_view bytes, std::size_t offset, ByteOrder order) {
  static_assert(std::is_unsigned_v<Number>);
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Number)) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    const std::size_t place = order == ByteOrder::big ? i : sizeof(Number) - 1 - i;
    number = number << 8 | static_cast<unsigned char>(bytes[offset + place]);
  }
  return static_cast<Number>(number);
}

}  // namespace initscan
