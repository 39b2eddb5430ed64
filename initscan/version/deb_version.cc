#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

constexpr std::size_t kMaxEpochDigits = 9;  // dpkg's epochs fit into an int

struct Parts {
  std::string_view epoch, upstream, revision;  // an absent epoch or revision counts as 0
};

// Which bytes a part may have besides letters and digits.
class Bytes {
 public:
  constexpr explicit Bytes(std::string_view also) {
    for (std::size_t c = 0; c < allowed_.size(); ++c) allowed_[c] = is_alphanumeric(static_cast<char>(c));
    for (const char c : also) allowed_[static_cast<unsigned char>(c)] = true;
  }

  bool are_all_of(std::string_view text) const {
    return std::all_of(text.begin(), text.end(), [&](char c) { return allowed_[static_cast<unsigned char>(c)]; });
  }

 private:
  std::array<bool, 256> allowed_{};
};

constexpr Bytes kUpstreamBytes(".+-~:");
constexpr Bytes kRevisionBytes(".+~");

bool is_epoch(std::string_view text) {
  return !text.empty() && text.size() <= kMaxEpochDigits && std::all_of(text.begin(), text.end(), is_digit);
}

// nullopt for what is no version. Of some of these dpkg merely warns, and orders them: "UNKNOWN", "v1.0" and "latest"
// are above each number then, and whatever an advisory says is fixed in them.
std::optional<Parts> parts_of(std::string_view version) {
  Parts parts;
  if (const std::size_t colon = version.find(':'); colon != version.npos) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
    if (!is_epoch(parts.epoch)) return std::nullopt;
  }
  if (const std::size_t dash = version.rfind('-'); dash != version.npos) {
    parts.revision = version.substr(dash + 1);
    version = version.substr(0, dash);
    if (parts.revision.empty() || !kRevisionBytes.are_all_of(parts.revision)) return std::nullopt;
  }
  parts.upstream = version;
  if (version.empty() || !is_digit(version.front()) || !kUpstreamBytes.are_all_of(version)) return std::nullopt;
  return parts;
}

// A tilde sorts before the end of the text, letters after it, and all else after the letters.
int weight(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  const char c = text.front();
  if (c == '~') return -1;
  return is_letter(c) ? c : static_cast<unsigned char>(c) + 256;
}

// Alternately a stretch without digits, by weight, and a number.
int compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while ((!a.empty() && !is_digit(a.front())) || (!b.empty() && !is_digit(b.front()))) {
      if (const int order = weight(a) - weight(b); order != 0) return order;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const std::string_view number_a = take_digits(a);
    const std::string_view number_b = take_digits(b);
    if (const int order = compare_numbers(number_a, number_b); order != 0) return order;
  }
  return 0;
}

}  // namespace

std::optional<int> compare_deb_versions(std::string_view a, std::string_view b) {
  const auto parts_a = parts_of(a);
  const auto parts_b = parts_of(b);
  if (!parts_a || !parts_b) return std::nullopt;
  if (const int order = compare_part(parts_a->epoch, parts_b->epoch); order != 0) return order;
  if (const int order = compare_part(parts_a->upstream, parts_b->upstream); order != 0) return order;
  return compare_part(parts_a->revision, parts_b->revision);
}

bool is_deb_version(std::string_view text) {
  return parts_of(text).has_value();
}

}  // namespace initscan
