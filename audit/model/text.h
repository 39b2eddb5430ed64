#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace initscan::audit {

// A text that does not change, 8 bytes wide: copies share its bytes. What is kept for each of 10,000 workloads mostly
// says the same in the same words. The count of copies is not atomic: a report stays on one thread.
class Text {
 public:
  Text() = default;
  Text(std::string_view text) : body_(text.empty() ? nullptr : made_of(text)) {}
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& other) noexcept : body_(other.body_) {
    if (body_ != nullptr) ++body_->copies;
  }
  Text(Text&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Text& operator=(Text other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Text() {
    if (body_ != nullptr && --body_->copies == 0) discard(body_);
  }

  operator std::string_view() const { return view(); }
  std::string_view view() const { return body_ == nullptr ? std::string_view() : std::string_view(bytes(), size()); }
  std::size_t size() const { return body_ == nullptr ? 0 : body_->size; }
  bool empty() const { return body_ == nullptr; }

  /// Whether no other copy shares its bytes.
  bool is_alone() const { return body_ == nullptr || body_->copies == 1; }

  friend bool operator==(const Text& a, const Text& b) { return a.body_ == b.body_ || a.view() == b.view(); }
  template <std::convertible_to<std::string_view> Other>
  requires(!std::same_as<Other, Text>) friend bool operator==(const Text& a, const Other& b) {
    return a.view() == std::string_view(b);
  }
  friend std::strong_ordering operator<=>(const Text& a, const Text& b) { return a.view() <=> b.view(); }
  template <std::convertible_to<std::string_view> Other>
  requires(!std::same_as<Other, Text>) friend std::strong_ordering operator<=>(const Text& a, const Other& b) {
    return a.view() <=> std::string_view(b);
  }

 private:
  // The bytes follow.
  struct Body {
    std::uint32_t copies;
    std::uint32_t size;
  };

  static Body* made_of(std::string_view text) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a text of 4 GiB");
    void* const place = ::operator new(sizeof(Body) + text.size());
    std::memcpy(static_cast<char*>(place) + sizeof(Body), text.data(), text.size());
    return new (place) Body{1, static_cast<std::uint32_t>(text.size())};
  }
  // Not inline: g++ 12 does not follow the count over several texts, and warns about a use after free that does not
  // exist.
  [[gnu::noinline]] static void discard(Body* body) noexcept { ::operator delete(body); }
  const char* bytes() const { return reinterpret_cast<const char*>(body_ + 1); }

  Body* body_ = nullptr;  // nullptr: ""
};

}  // namespace initscan::audit
