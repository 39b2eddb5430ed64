#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <vector>

namespace initscan {
namespace {

bool is_of_segment(char c) {
  return is_alphanumeric(c) || c == '.';
}

bool is_of_prerelease(char c) {
  return is_alphanumeric(c) || c == '.' || c == '-';
}

bool has_empty_segment(std::string_view text) {
  return text.empty() || text.starts_with('.') || text.ends_with('.') || text.find("..") != text.npos;
}

// A run of digits or of letters; a dash, which means a prerelease, is a word of its own.
constexpr std::string_view kDash = "pre";

std::string_view take_segment(std::string_view& text) {
  take_while(text, [](char c) { return c == '.'; });
  if (take(text, '-')) return kDash;
  return !text.empty() && is_digit(text.front()) ? take_digits(text) : take_while(text, is_letter);
}

bool is_zero(std::string_view segment) {
  return is_number(segment) && without_zeros(segment).empty();
}

void drop_zeros(std::vector<std::string_view>& segments, std::size_t from) {
  while (segments.size() > from && is_zero(segments.back())) segments.pop_back();
}

// Without the zeros at the end, and those before the first word.
std::vector<std::string_view> segments_of(std::string_view text) {
  std::vector<std::string_view> segments;
  std::size_t words_begin = 0;
  bool has_word = false;
  for (std::string_view segment = take_segment(text); !segment.empty(); segment = take_segment(text)) {
    if (!has_word && !is_number(segment)) {
      drop_zeros(segments, 0);
      words_begin = segments.size();
      has_word = true;
    }
    segments.push_back(segment);
  }
  drop_zeros(segments, words_begin);
  return segments;
}

int compare_segments(std::string_view a, std::string_view b) {
  const bool a_is_number = is_number(a);
  const bool b_is_number = is_number(b);
  if (a_is_number && b_is_number) return compare_numbers(a, b);
  if (a_is_number != b_is_number) return a_is_number ? 1 : -1;
  return a.compare(b);
}

}  // namespace

std::optional<int> compare_gem_versions(std::string_view a, std::string_view b) {
  if (!is_gem_version(a) || !is_gem_version(b)) return std::nullopt;
  const std::vector<std::string_view> segments_a = segments_of(a);
  const std::vector<std::string_view> segments_b = segments_of(b);
  for (std::size_t i = 0; i < std::max(segments_a.size(), segments_b.size()); ++i) {
    const std::string_view segment_a = i < segments_a.size() ? segments_a[i] : "0";
    const std::string_view segment_b = i < segments_b.size() ? segments_b[i] : "0";
    if (const int order = compare_segments(segment_a, segment_b); order != 0) return order;
  }
  return 0;
}

bool is_gem_version(std::string_view text) {
  const std::string_view version = take_while(text, is_of_segment);
  if (has_empty_segment(version) || !is_number(version.substr(0, version.find('.')))) return false;
  if (text.empty()) return true;
  return take(text, '-') && !has_empty_segment(text) && std::all_of(text.begin(), text.end(), is_of_prerelease);
}

}  // namespace initscan
