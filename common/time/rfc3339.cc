#include "common/time/rfc3339.h"

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace initscan {
namespace {

// Takes `digits` decimal digits and the separator that must follow them.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view separators) {
  if (text.size() < digits + (separators.empty() ? 0 : 1)) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = 10 * value + (text[i] - '0');
  }
  text.remove_prefix(digits);
  if (separators.empty()) return value;
  if (separators.find(text.front()) == separators.npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

// "Z" or "+01:00", which is how far local time is ahead.
std::optional<std::chrono::minutes> offset_of(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
  const bool is_behind = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = take(text, 2, ":");
  const auto minutes = hours ? take(text, 2, "") : std::nullopt;
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_behind ? -offset : offset;
}

std::optional<std::chrono::sys_seconds> parsed(std::string_view text) {
  const auto year = take(text, 4, "-");
  const auto month = year ? take(text, 2, "-") : std::nullopt;
  const auto day = month ? take(text, 2, "Tt") : std::nullopt;
  const auto hour = day ? take(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2, "") : std::nullopt;
  if (!second) return std::nullopt;
  if (text.starts_with('.')) {
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    if (end == 1 || end == text.npos) return std::nullopt;
    text.remove_prefix(end);
  }
  const auto offset = offset_of(text);
  if (!offset) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) - *offset;
}

void append(std::string& text, std::uint64_t number, std::size_t digits, char before) {
  if (before != 0) text += before;
  const std::size_t end = text.size() + digits;
  text.resize(end);
  for (std::size_t i = 1; i <= digits; ++i, number /= 10) text[end - i] = static_cast<char>('0' + number % 10);
}

}  // namespace

Result<std::chrono::sys_seconds> parse_rfc3339(std::string_view text) {
  if (const auto time = parsed(text)) return *time;
  return Error{Errc::malformed, "not a time: \"" + std::string(text) + "\"; want one such as 2026-12-31T00:00:00Z"};
}

// By hand: a report has one for each finding, and snprintf() takes as long as all else of a finding.
std::string format_rfc3339(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  std::string text;
  text.reserve(std::string_view("-2026-12-31T00:00:00Z").size());
  if (year < 0) text += '-';
  append(text, static_cast<std::uint64_t>(std::abs(year)), std::abs(year) > 9999 ? 5 : 4, 0);
  append(text, static_cast<unsigned>(date.month()), 2, '-');
  append(text, static_cast<unsigned>(date.day()), 2, '-');
  append(text, static_cast<std::uint64_t>(clock.hours().count()), 2, 'T');
  append(text, static_cast<std::uint64_t>(clock.minutes().count()), 2, ':');
  append(text, static_cast<std::uint64_t>(clock.seconds().count()), 2, ':');
  text += 'Z';
  return text;
}

}  // namespace initscan
