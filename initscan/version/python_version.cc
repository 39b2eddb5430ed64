#include "initscan/version/python_version.h"

#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <utility>

namespace initscan {
namespace {

// Where a version without the part stands among those that have it.
enum class Absent : std::uint8_t { first, last };

struct Word {
  std::string_view text;
  int order;
};

// The longer first, where one begins as another.
constexpr std::array<Word, 8> kPre{
    {{"alpha", 0}, {"a", 0}, {"beta", 1}, {"b", 1}, {"preview", 2}, {"pre", 2}, {"rc", 2}, {"c", 2}}};
constexpr std::array<Word, 3> kPost{{{"post", 0}, {"rev", 0}, {"r", 0}}};
constexpr std::array<Word, 1> kDev{{{"dev", 0}}};

bool is_joint(char c) {
  return c == '-' || c == '_' || c == '.';
}

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}

void take_joint(std::string_view& text) {
  if (!text.empty() && is_joint(text.front())) text.remove_prefix(1);
}

// [-_.]WORD[-_.]NUMBER, cut off from `text` where it stands there.
template <class Words>
PythonStage take_stage(std::string_view& text, const Words& words) {
  std::string_view rest = text;
  take_joint(rest);
  for (const Word& word : words) {
    if (!begins_with(rest, word.text)) continue;
    rest.remove_prefix(word.text.size());
    take_joint(rest);
    const PythonStage stage{word.order, take_digits(rest)};
    text = rest;
    return stage;
  }
  return {};
}

// "-1" is a post-release without its word.
PythonStage take_post(std::string_view& text) {
  if (text.size() > 1 && text.front() == '-' && is_digit(text[1])) {
    text.remove_prefix(1);
    return {0, take_digits(text)};
  }
  return take_stage(text, kPost);
}

std::string_view take_release(std::string_view& text) {
  const std::string_view whole = text;
  if (take_digits(text).empty()) return {};
  while (text.size() > 1 && text.front() == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    take_digits(text);
  }
  return whole.substr(0, whole.size() - text.size());
}

bool is_local(std::string_view text) {
  bool is_joined = true;
  for (const char c : text) {
    if (is_joint(c) ? is_joined : !is_alphanumeric(c)) return false;
    is_joined = is_joint(c);
  }
  return !is_joined;
}

std::string_view take_field(std::string_view& text) {
  const std::string_view field = take_while(text, [](char c) { return !is_joint(c); });
  take_joint(text);
  return field;
}

int compare_releases(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view number = take_field(a);
    if (const int order = compare_numbers(number, take_field(b)); order != 0) return order;
  }
  return 0;
}

int compare_stages(const PythonStage& a, const PythonStage& b, Absent absent) {
  if (a.is_there() != b.is_there()) return a.is_there() == (absent == Absent::first) ? 1 : -1;
  if (a.word != b.word) return order_of(a.word, b.word);
  return compare_numbers(a.number, b.number);
}

// A development release of the version itself is before its prereleases.
int compare_prereleases(const PythonVersion& a, const PythonVersion& b) {
  const auto is_bare = [](const PythonVersion& v) {
    return !v.pre.is_there() && !v.post.is_there() && v.dev.is_there();
  };
  if (is_bare(a) || is_bare(b)) return order_of(is_bare(b), is_bare(a));
  return compare_stages(a.pre, b.pre, Absent::last);
}

int compare_words(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (const int order = order_of(to_lower(a[i]), to_lower(b[i])); order != 0) return order;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

// A word is before a number, and what ends earlier before both.
int compare_locals(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view own = take_field(a);
    const std::string_view other = take_field(b);
    if (is_number(own) != is_number(other)) return is_number(own) ? 1 : -1;
    const int order = is_number(own) ? compare_numbers(own, other) : compare_words(own, other);
    if (order != 0) return order;
  }
  return order_of(!a.empty(), !b.empty());
}

}  // namespace

std::optional<PythonVersion> read_python_version(std::string_view text) {
  PythonVersion version;
  if (!text.empty() && to_lower(text.front()) == 'v') text.remove_prefix(1);
  if (const std::size_t mark = text.find('!'); mark != text.npos) {
    version.epoch = text.substr(0, mark);
    if (!is_number(version.epoch)) return std::nullopt;
    text.remove_prefix(mark + 1);
  }
  version.release = take_release(text);
  if (version.release.empty()) return std::nullopt;
  version.pre = take_stage(text, kPre);
  version.post = take_post(text);
  version.dev = take_stage(text, kDev);
  if (take(text, '+')) {
    if (!is_local(text)) return std::nullopt;
    version.local = std::exchange(text, {});
  }
  return text.empty() ? std::optional(version) : std::nullopt;
}

std::optional<int> compare_python_versions(std::string_view a, std::string_view b) {
  const auto version_a = read_python_version(a);
  const auto version_b = read_python_version(b);
  if (!version_a || !version_b) return std::nullopt;
  if (const int order = compare_numbers(version_a->epoch, version_b->epoch); order != 0) return order;
  if (const int order = compare_releases(version_a->release, version_b->release); order != 0) return order;
  if (const int order = compare_prereleases(*version_a, *version_b); order != 0) return order;
  if (const int order = compare_stages(version_a->post, version_b->post, Absent::first); order != 0) return order;
  if (const int order = compare_stages(version_a->dev, version_b->dev, Absent::last); order != 0) return order;
  return compare_locals(version_a->local, version_b->local);
}

bool is_python_version(std::string_view text) {
  return read_python_version(text).has_value();
}

}  // namespace initscan
