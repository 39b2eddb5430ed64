#include "injector/pod/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace initscan::injector {
namespace {

struct Suffix {
  std::string_view name;
  long double factor;
};

constexpr long double kKi = 1024;
constexpr std::array<Suffix, 17> kSuffixes{{{"", 1},
                                            {"n", 1e-9L},
                                            {"u", 1e-6L},
                                            {"m", 1e-3L},
                                            {"k", 1e3L},
                                            {"M", 1e6L},
                                            {"G", 1e9L},
                                            {"T", 1e12L},
                                            {"P", 1e15L},
                                            {"E", 1e18L},
                                            {"Ki", kKi},
                                            {"Mi", kKi* kKi},
                                            {"Gi", kKi* kKi* kKi},
                                            {"Ti", kKi* kKi* kKi* kKi},
                                            {"Pi", kKi* kKi* kKi* kKi* kKi},
                                            {"Ei", kKi* kKi* kKi* kKi* kKi* kKi},
                                            {"K", 1e3L}}};

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;

}  // namespace

Result<std::int64_t> parse_quantity(std::string_view text) {
  const Error error{Errc::malformed, "not a quantity: \"" + std::string(text.substr(0, 64)) + '"'};
  const std::size_t end = text.find_first_not_of("+-.0123456789");
  std::string_view digits = text.substr(0, end);
  std::string_view suffix = end == text.npos ? std::string_view() : text.substr(end);
  if (digits.starts_with('+')) digits.remove_prefix(1);

  // "1e3" and "1E3"; a lone "E" is the suffix for 10^18.
  int exponent = 0;
  if (suffix.size() > 1 && (suffix[0] == 'e' || suffix[0] == 'E')) {
    std::string_view power = suffix.substr(1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [stop, failed] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (failed == std::errc() && stop == power.data() + power.size() && exponent >= -30 && exponent <= 30) suffix = "";
  }
  double number = 0;
  const auto [stop, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  if (digits.empty() || failed != std::errc() || stop != digits.data() + digits.size()) return error;

  for (const Suffix& known : kSuffixes) {
    if (suffix != known.name) continue;
    const long double thousandths = std::ceil(static_cast<long double>(number) * known.factor *
                                                  std::pow(10.0L, static_cast<long double>(exponent)) * 1000 -
                                              1e-6L);
    if (thousandths >= static_cast<long double>(kMost)) return kMost;
    if (thousandths <= 0) return std::int64_t{0};
    return static_cast<std::int64_t>(thousandths);
  }
  return error;
}

std::int64_t add_quantities(std::int64_t one, std::int64_t other) {
  return one >= kMost - std::min(other, kMost) ? kMost : one + other;
}

std::string format_cpu(std::int64_t thousandths) {
  return thousandths % 1000 == 0 ? std::to_string(thousandths / 1000) : std::to_string(thousandths) + 'm';
}

std::string format_bytes(std::int64_t thousandths) {
  const std::int64_t bytes = (thousandths + 999) / 1000;
  constexpr std::int64_t kMi = 1 << 20;
  if (bytes != 0 && bytes % kMi == 0) return std::to_string(bytes / kMi) + "Mi";
  return std::to_string(bytes);
}

}  // namespace initscan::injector
