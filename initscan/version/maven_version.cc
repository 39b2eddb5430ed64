#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace initscan {
namespace {

// Where two parts at the same place are of different kinds, the earlier kind is the smaller.
enum class Kind : std::uint8_t { word, list, number };

// A version is a list of numbers and words, and the last of a list may be another list, which begins at a dash and
// where digits and letters meet: 1.0-rc2 is [1, 0, [rc, [2]]]. So the parts of all lists are one row, in which
// `list` says that from here on they are those of the next.
struct Part {
  Kind kind;
  std::string_view text{};
  int sign = 0;  // what it and all that follows is beside nothing at all: 1-rc is before 1, and 1-sp after it
};

using Parts = std::vector<Part>;

constexpr std::array<std::string_view, 7> kQualifiers{"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};
constexpr int kRelease = 5;
constexpr int kUnknown = 7;  // all other words, in the order of their letters

int rank_of(std::string_view word) {
  const auto found = std::find(kQualifiers.begin(), kQualifiers.end(), word);
  return found == kQualifiers.end() ? kUnknown : static_cast<int>(found - kQualifiers.begin());
}

std::string_view word_of(std::string_view text, bool is_before_digit) {
  if (is_before_digit && text == "a") return "alpha";
  if (is_before_digit && text == "b") return "beta";
  if (is_before_digit && text == "m") return "milestone";
  if (text == "ga" || text == "final" || text == "release") return "";
  return text == "cr" ? "rc" : text;
}

// Reads the row of parts of a text in lower case.
class Reader {
 public:
  Parts read(std::string_view text) {
    std::size_t start = 0;
    bool is_digits = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string_view token = text.substr(start, i - start);
      if (text[i] == '.' || text[i] == '-') {
        add(token, is_digits);
        if (text[i] == '-') open();
        start = i + 1;
      } else if (is_digit(text[i]) != is_digits) {
        if (!token.empty()) {
          if (is_digits) parts_.push_back({Kind::number, token});
          if (!is_digits) add_word(word_of(token, true));
          open();
          start = i;
        }
        is_digits = is_digit(text[i]);
      }
    }
    if (start < text.size()) {
      const std::string_view token = text.substr(start);
      if (is_digits) parts_.push_back({Kind::number, token});
      if (!is_digits) add_word(word_of(token, false));
    }
    return std::move(parts_);
  }

 private:
  void add(std::string_view token, bool is_digits) {
    if (token.empty()) {
      parts_.push_back({Kind::number, "0"});
    } else {
      parts_.push_back({is_digits ? Kind::number : Kind::word, is_digits ? token : word_of(token, false)});
    }
  }

  // Of a word that ends its list it is of no matter whether a point or a dash is before it.
  void add_word(std::string_view word) {
    if (!parts_.empty() && parts_.back().kind != Kind::list) open();
    parts_.push_back({Kind::word, word});
  }

  void open() { parts_.push_back({Kind::list}); }

  Parts parts_;
};

int own_sign(const Part& part) {
  if (part.kind == Kind::number) return without_zeros(part.text).empty() ? 0 : 1;
  return part.kind == Kind::word ? order_of(rank_of(part.text), kRelease) : 0;
}

// Without what counts for nothing at the end of each list, and the lists of which nothing is left.
Parts normalized(const Parts& parts) {
  Parts kept;  // from the last to the first
  bool is_at_end = true;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const bool is_list = part->kind == Kind::list;
    const bool follows_nothing = kept.empty();
    if (is_list ? follows_nothing : is_at_end && own_sign(*part) == 0) {
      is_at_end = true;
      continue;
    }
    kept.push_back(*part);
    is_at_end = is_list;
    const int own = own_sign(*part);
    kept.back().sign = own != 0 || follows_nothing ? own : kept[kept.size() - 2].sign;
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

Parts parts_of(std::string_view lower) {
  return normalized(Reader().read(lower));
}

int compare_same_kind(const Part& a, const Part& b) {
  if (a.kind == Kind::list) return 0;  // they go on side by side
  if (a.kind == Kind::number) return compare_numbers(a.text, b.text);
  const int rank = rank_of(a.text);
  if (const int order = order_of(rank, rank_of(b.text)); order != 0) return order;
  return rank == kUnknown ? a.text.compare(b.text) : 0;
}

// Maven goes in circles: 1.foo.1 is before 1-alpha, because a word is before a list, 1-alpha before 1, and 1 before
// 1.foo.1. nullopt for two that are parts of one.
std::optional<int> compare_parts(const Parts& a, const Parts& b) {
  int by_sign = 0;  // from the first place on from which one is before what ends there, and the other is not
  for (std::size_t i = 0;; ++i) {
    const bool has_a = i < a.size();
    const bool has_b = i < b.size();
    if (by_sign == 0) by_sign = order_of(has_a ? a[i].sign : 0, has_b ? b[i].sign : 0);
    int order = 0;
    if (!has_a && !has_b) return 0;
    if (!has_a || !has_b) {
      order = has_a ? a[i].sign : -b[i].sign;
    } else if (a[i].kind != b[i].kind) {
      order = a[i].kind < b[i].kind ? -1 : 1;
    } else {
      order = compare_same_kind(a[i], b[i]);
    }
    if (order == 0) continue;
    const bool contradicts = by_sign != 0 && (by_sign < 0) != (order < 0);
    return contradicts ? std::nullopt : std::optional(order);
  }
}

bool is_visible_ascii(char c) {
  return c > ' ' && c < '\x7f';
}

}  // namespace

std::optional<int> compare_maven_versions(std::string_view a, std::string_view b) {
  if (!is_maven_version(a) || !is_maven_version(b)) return std::nullopt;
  const std::string lower_a = in_lower_case(a);
  const std::string lower_b = in_lower_case(b);
  return compare_parts(parts_of(lower_a), parts_of(lower_b));
}

bool is_maven_version(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_visible_ascii);
}

}  // namespace initscan
