#include "common/text/ascii.h"
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <optional>

namespace initscan {
namespace {

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

constexpr std::size_t kMaxDigits = 18;  // of one number: more do not fit into 64 bits, and apk refuses them

// In the order in which they may follow each other; where one version ends earlier, the one that goes on with
// a later kind of part is the smaller.
enum class Kind : std::uint8_t { invalid, number, component, letter, suffix, suffix_number, hash, revision, end };

// One part of a version: "3" of 1.3, the letter of 1.3a, _rc, its 2, -r1.
struct Part {
  Kind kind = Kind::end;
  std::int64_t value = 0;
  std::string_view text;  // of a hash, which has no number; in apk 3's order of a component, too
};

// Reads a version part by part.
class Parts {
 public:
  Parts(VersionOrder order, std::string_view text) : rest_(text), order_(order) {}

  Part next() {
    if (rest_.empty() && last_ != Kind::end) return {Kind::end, 0, {}};
    Part part = read();
    last_ = part.kind;
    return part;
  }

 private:
  Part read() {
    const char c = rest_.empty() ? '\0' : rest_.front();
    const bool after_number = last_ == Kind::component || last_ == Kind::number;
    if (last_ == Kind::end) return number(Kind::number);  // the very first
    if (c == '.' && after_number) {
      rest_.remove_prefix(1);
      return component();
    }
    const bool goes_on = after_zeros_ || (last_ == Kind::letter && order_ == VersionOrder::apk2);
    if (is_digit(c) && goes_on) return number(Kind::number);
    if (is_lower(c) && after_number) {
      rest_.remove_prefix(1);
      return {Kind::letter, c, {}};
    }
    if (is_digit(c) && last_ == Kind::suffix) return number(Kind::suffix_number);
    if (c == '_' && last_ <= Kind::suffix_number) return suffix();
    if (c == '~' && last_ < Kind::hash) return hash();
    if (rest_.starts_with("-r") && last_ < Kind::revision) {
      rest_.remove_prefix(2);
      return number(Kind::revision);
    }
    return {Kind::invalid, 0, {}};
  }

  Part number(Kind kind) {
    after_zeros_ = false;
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      if (digits == kMaxDigits) return {Kind::invalid, 0, {}};
      value = 10 * value + (rest_[digits] - '0');
    }
    if (digits == 0) return {Kind::invalid, 0, {}};
    rest_.remove_prefix(digits);
    return {kind, value, {}};
  }

  // Behind a point leading zeros count as in a decimal fraction: 1.01 is before 1.1, and 1.001 before 1.01. apk 2
  // counts the zeros and goes on with a number of its own, apk 3 compares the digits as a text.
  Part component() {
    if (order_ == VersionOrder::apk3) {
      const std::string_view digits = rest_;
      Part part = number(Kind::component);
      part.text = digits.substr(0, digits.size() - rest_.size());
      return part;
    }
    if (!rest_.starts_with('0')) return number(Kind::component);
    std::int64_t zeros = 0;
    for (; rest_.starts_with('0'); rest_.remove_prefix(1)) ++zeros;
    after_zeros_ = !rest_.empty() && is_digit(rest_.front());
    return {Kind::component, -zeros, {}};
  }

  Part suffix() {
    struct Suffix {
      std::string_view name;
      std::int64_t value;
    };
    constexpr std::array<Suffix, 9> kSuffixes{{{"alpha", -4},
                                               {"beta", -3},
                                               {"pre", -2},
                                               {"rc", -1},
                                               {"cvs", 1},
                                               {"svn", 2},
                                               {"git", 3},
                                               {"hg", 4},
                                               {"p", 5}}};
    rest_.remove_prefix(1);
    for (const Suffix& suffix : kSuffixes) {
      if (!rest_.starts_with(suffix.name)) continue;
      const std::string_view after = rest_.substr(suffix.name.size());
      if (!after.empty() && is_lower(after.front())) continue;
      rest_ = after;
      return {Kind::suffix, suffix.value, {}};
    }
    return {Kind::invalid, 0, {}};
  }

  Part hash() {
    rest_.remove_prefix(1);
    std::size_t length = 0;
    while (length < rest_.size() && is_hex(rest_[length])) ++length;
    if (length == 0) return {Kind::invalid, 0, {}};
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return {Kind::hash, 0, text};
  }

  std::string_view rest_;
  VersionOrder order_;
  Kind last_ = Kind::end;
  bool after_zeros_ = false;
};

int order_of(std::int64_t a, std::int64_t b) {
  return a < b ? -1 : a > b;
}

// Of two parts of the same kind.
int compare_parts(const Part& a, const Part& b) {
  if (a.kind == Kind::hash) return a.text.compare(b.text);
  const bool is_fraction = a.text.starts_with('0') || b.text.starts_with('0');
  return is_fraction ? a.text.compare(b.text) : order_of(a.value, b.value);
}

}  // namespace

std::optional<int> compare_apk_versions(VersionOrder order, std::string_view a, std::string_view b) {
  Parts parts_a(order, a);
  Parts parts_b(order, b);
  for (;;) {
    const Part part_a = parts_a.next();
    const Part part_b = parts_b.next();
    if (part_a.kind == Kind::invalid || part_b.kind == Kind::invalid) return std::nullopt;
    if (part_a.kind == part_b.kind) {
      if (part_a.kind == Kind::end) return 0;
      if (const int found = compare_parts(part_a, part_b); found != 0) return found;
      continue;
    }
    // One goes on where the other does not: only a suffix such as _rc makes it smaller.
    if (part_a.kind == Kind::suffix && part_a.value < 0) return -1;
    if (part_b.kind == Kind::suffix && part_b.value < 0) return 1;
    return part_a.kind > part_b.kind ? -1 : 1;
  }
}

bool is_apk_version(VersionOrder order, std::string_view text) {
  Parts parts(order, text);
  for (;;) {
    const Part part = parts.next();
    if (part.kind == Kind::end) return true;
    if (part.kind == Kind::invalid) return false;
  }
}

}  // namespace initscan
