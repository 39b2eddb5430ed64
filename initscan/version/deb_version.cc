#include "common/text/ascii.h"
#include "initscan/version/version.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::size_t kMaxEpochDigits = 9;  // dpkg's epochs fit into an int

struct Parts {
  std::string_view epoch, upstream, revision;  // an absent epoch or revision counts as 0
};

Parts split(std::string_view version) {
  Parts parts;
  if (const std::size_t colon = version.find(':'); colon != version.npos) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  parts.upstream = version.substr(0, dash);
  if (dash != version.npos) parts.revision = version.substr(dash + 1);
  return parts;
}

// A tilde sorts before the end of the text, letters after it, and all else after the letters.
int weight(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  const char c = text.front();
  if (c == '~') return -1;
  return is_letter(c) ? c : static_cast<unsigned char>(c) + 256;
}

// The digits at the start without leading zeros, cut off from `text`.
std::string_view take_number(std::string_view& text) {
  while (text.starts_with('0')) text.remove_prefix(1);
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  return number;
}

int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

// Alternately a stretch without digits, by weight, and a number.
int compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while ((!a.empty() && !is_digit(a.front())) || (!b.empty() && !is_digit(b.front()))) {
      if (const int order = weight(a) - weight(b); order != 0) return order;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const std::string_view number_a = take_number(a);
    const std::string_view number_b = take_number(b);
    if (const int order = compare_numbers(number_a, number_b); order != 0) return order;
  }
  return 0;
}

bool is_epoch(std::string_view text) {
  return !text.empty() && text.size() <= kMaxEpochDigits && std::all_of(text.begin(), text.end(), is_digit);
}

// What dpkg compares, be it with a warning. The rest it refuses, or, of bytes beyond ASCII, orders by whether a char of
// the machine has a sign.
bool is_comparable(std::string_view text) {
  const auto is_odd = [](char c) { return c <= ' ' || c >= '\x7f'; };
  const Parts parts = split(text);
  const bool has_epoch = text.find(':') != text.npos;
  const bool has_revision = text.rfind('-') != text.npos;
  return !parts.upstream.empty() && (!has_epoch || is_epoch(parts.epoch)) &&
         (!has_revision || !parts.revision.empty()) && std::none_of(text.begin(), text.end(), is_odd);
}

}  // namespace

std::optional<int> compare_deb_versions(std::string_view a, std::string_view b) {
  if (!is_comparable(a) || !is_comparable(b)) return std::nullopt;
  const Parts parts_a = split(a);
  const Parts parts_b = split(b);
  if (const int order = compare_part(parts_a.epoch, parts_b.epoch); order != 0) return order;
  if (const int order = compare_part(parts_a.upstream, parts_b.upstream); order != 0) return order;
  return compare_part(parts_a.revision, parts_b.revision);
}

bool is_deb_version(std::string_view text) {
  const auto all = [](std::string_view part, std::string_view also) {
    return std::all_of(part.begin(), part.end(),
                       [&](char c) { return is_digit(c) || is_letter(c) || also.find(c) != also.npos; });
  };
  if (!is_comparable(text)) return false;
  const Parts parts = split(text);
  return is_digit(parts.upstream.front()) && all(parts.upstream, ".+-~:") && all(parts.revision, ".+~");
}

}  // namespace initscan
