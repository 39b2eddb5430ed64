#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <cstdint>

namespace initscan {
namespace {

struct Parts {
  std::string_view epoch, version, release;  // an absent epoch counts as 0
};

// Besides letters and digits: what rpmbuild takes in a version or a release.
bool is_allowed(char c) {
  return is_alphanumeric(c) || std::string_view("._+%~^").find(c) != std::string_view::npos;
}

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  if (const std::size_t colon = text.find(':'); colon != text.npos) {
    parts.epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    constexpr std::string_view kGreatestEpoch = "4294967295";
    if (!is_number(parts.epoch) || compare_numbers(parts.epoch, kGreatestEpoch) > 0) return std::nullopt;
  }
  parts.version = take_while(text, is_allowed);
  if (take(text, '-')) {
    parts.release = take_while(text, is_allowed);
    if (parts.release.empty()) return std::nullopt;
  }
  if (parts.version.empty() || !text.empty()) return std::nullopt;
  return parts;
}

// What a segment begins with, in ascending order; all but these parts the others and counts for nothing.
enum class Kind : std::uint8_t { tilde, end, caret, word, number };

Kind kind_of(std::string_view text) {
  if (text.empty()) return Kind::end;
  const char c = text.front();
  return c == '~' ? Kind::tilde : c == '^' ? Kind::caret : is_digit(c) ? Kind::number : Kind::word;
}

int compare_part(std::string_view a, std::string_view b) {
  const auto is_mark = [](char c) { return !is_alphanumeric(c) && c != '~' && c != '^'; };
  for (;;) {
    take_while(a, is_mark);
    take_while(b, is_mark);
    const Kind kind = kind_of(a);
    if (const Kind other = kind_of(b); kind != other) return kind < other ? -1 : 1;
    int order = 0;
    switch (kind) {
      case Kind::end: return 0;
      case Kind::tilde:
      case Kind::caret:
        a.remove_prefix(1);
        b.remove_prefix(1);
        break;
      case Kind::word: {
        const std::string_view word = take_while(a, is_letter);
        order = word.compare(take_while(b, is_letter));
        break;
      }
      case Kind::number: {
        const std::string_view number = take_digits(a);
        order = compare_numbers(number, take_digits(b));
        break;
      }
    }
    if (order != 0) return order;
  }
}

}  // namespace

std::optional<int> compare_rpm_versions(std::string_view a, std::string_view b) {
  const auto parts_a = parts_of(a);
  const auto parts_b = parts_of(b);
  if (!parts_a || !parts_b) return std::nullopt;
  if (const int order = compare_numbers(parts_a->epoch, parts_b->epoch); order != 0) return order;
  if (const int order = compare_part(parts_a->version, parts_b->version); order != 0) return order;
  // Not even a release of marks alone is as none.
  if (parts_a->release.empty() || parts_b->release.empty()) {
    return order_of(!parts_a->release.empty(), !parts_b->release.empty());
  }
  return compare_part(parts_a->release, parts_b->release);
}

bool is_rpm_version(std::string_view text) {
  return parts_of(text).has_value();
}

}  // namespace initscan
