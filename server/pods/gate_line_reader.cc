#include "server/pods/gate_line_reader.h"

#include "common/text/ascii.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <charconv>

namespace initscan::server {
namespace {

constexpr std::size_t kMostCountDigits = 6;
constexpr std::size_t kMostDigits = 8;  // of milliseconds
constexpr std::size_t kHashDigits = 64;

// The words of a line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  /// Whether the next word is "KEY=..."; takes its value off.
  bool take(std::string_view key, std::string_view& value) {
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    if (!word.starts_with(key) || word.substr(key.size(), 1) != "=") return false;
    value = word.substr(key.size() + 1);
    rest_.remove_prefix(word.size());
    is_whole_ = is_whole_ && (rest_.empty() || rest_.size() > 1);  // no space at the end
    if (!rest_.empty()) rest_.remove_prefix(1);
    return true;
  }

  bool are_all_taken() const { return is_whole_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_whole_ = true;
};

std::optional<std::size_t> number_from(std::string_view digits, std::size_t most) {
  if (digits.empty() || digits.size() > most || !std::all_of(digits.begin(), digits.end(), is_digit)) return {};
  if (digits.size() > 1 && digits.front() == '0') return {};
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<Outcome> outcome_from(std::string_view word) {
  for (const Outcome outcome : {Outcome::pass, Outcome::undecided, Outcome::fail}) {
    if (word == to_string(outcome)) return outcome;
  }
  return std::nullopt;
}

bool read_outcome(Words& words, GateLine& line) {
  std::string_view value;
  if (!words.take("verdict", value)) return false;
  const auto outcome = outcome_from(value);
  if (!outcome) return false;
  line.outcome = *outcome;
  line.only_reports = words.take("enforcement", value);
  if (line.only_reports && value != "report") return false;
  if (!words.take("reason", value)) return true;
  line.reason = reason_from(value);
  if (!line.reason) return false;
  return line.outcome == Outcome::undecided || (line.outcome == Outcome::pass && is_of_server(*line.reason));
}

bool read_counts(Words& words, FindingCounts& counts) {
  for (std::size_t i = kSeverities; i-- > 0;) {
    const auto severity = static_cast<Severity>(i);
    std::string_view value;
    if (!words.take(to_string(severity), value)) return false;
    const std::size_t slash = std::min(value.find('/'), value.size());
    const auto findings = number_from(value.substr(0, slash), kMostCountDigits);
    const auto fixable = number_from(value.substr(std::min(slash + 1, value.size())), kMostCountDigits);
    if (!findings || !fixable || *fixable > *findings) return false;
    counts[severity] = {*findings, *fixable};
  }
  return true;
}

bool read_date(std::string_view value, std::string& date) {
  const auto time = parse_rfc3339(value);
  if (!time) return false;
  date = format_rfc3339(*time);
  return date == value;
}

bool read_hash(std::string_view value, std::string& hash) {
  constexpr std::string_view kKind = "sha256:";
  if (!value.starts_with(kKind)) return false;
  hash = value.substr(kKind.size());
  return hash.size() == kHashDigits &&
         std::all_of(hash.begin(), hash.end(), [](char c) { return hex_value(c) >= 0 && !is_upper(c); });
}

bool read_data(Words& words, GateLine& line) {
  std::string_view value;
  if (words.take("index", value) && !read_date(value, line.index_date)) return false;
  if (words.take("sbom", value) && !read_hash(value, line.sbom_sha256)) return false;
  if (!words.take("ms", value)) return false;
  const auto took = number_from(value, kMostDigits);
  if (took) line.took = std::chrono::milliseconds(*took);
  return took.has_value();
}

}  // namespace

std::optional<GateLine> read_gate_line(std::string_view message) {
  const std::string_view start = message.substr(0, kMaxGateLineBytes);
  const std::size_t end = start.find('\n');
  if (end == start.npos || !start.starts_with(kGateLineStart) || end < kGateLineStart.size()) return std::nullopt;
  Words words(start.substr(kGateLineStart.size(), end - kGateLineStart.size()));
  GateLine line;
  if (!read_outcome(words, line) || !read_counts(words, line.counts) || !read_data(words, line)) return std::nullopt;
  if (!words.are_all_taken()) return std::nullopt;
  return line;
}

}  // namespace initscan::server
