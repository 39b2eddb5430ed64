#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// Numbers of seven bits a byte, the lowest first; the highest bit says that another byte follows.

inline void append_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

inline void append_packed_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

// Reads what is packed, from the front. After the first fault everything is 0 and empty, and is_sound() false.
class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return fail();
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::uint64_t varint() {
    constexpr unsigned kMostBits = 63;
    std::uint64_t number = 0;
    for (unsigned bits = 0; bits < kMostBits; bits += 7) {
      const std::uint8_t next = byte();
      number |= std::uint64_t{next & 0x7fu} << bits;
      if (next < 0x80) return is_sound_ ? number : 0;
    }
    return fail();
  }

  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view text() { return bytes(varint()); }

  bool is_sound() const { return is_sound_; }
  bool is_at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  std::uint8_t fail() {
    is_sound_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool is_sound_ = true;
};

}  // namespace initscan
