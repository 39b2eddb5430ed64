#include "audit/report/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace initscan::audit {

std::string_view to_string(Exposure exposure) {
  switch (exposure) {
    case Exposure::none: return "none";
    case Exposure::cluster: return "cluster";
    case Exposure::node_port: return "node-port";
    case Exposure::load_balancer: return "load-balancer";
  }
  return "none";
}

std::string place_of(const Workload& workload) {
  std::string place = workload.cluster.empty() ? std::string() : workload.cluster + '/';
  return place + workload.namespace_ + '/' + workload.name();
}

std::string counted(std::size_t n, std::string_view singular) {
  return grouped(n) + ' ' + std::string(singular) + (n == 1 ? "" : "s");
}

std::string grouped(std::size_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

long days_between(Time from, Time to) {
  return std::max(0L, static_cast<long>(std::chrono::floor<std::chrono::days>(to - from).count()));
}

std::string age_text(Time from, Time to) {
  const auto hours = std::chrono::floor<std::chrono::hours>(to - from).count();
  if (hours < 1) return "just now";
  if (hours < 48) return counted(static_cast<std::size_t>(hours), "hour");
  return counted(static_cast<std::size_t>(days_between(from, to)), "day");
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  auto amount = static_cast<double>(bytes);
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return (unit == 0 ? std::to_string(bytes) : fixed_text(amount, 1)) + ' ' + kUnits[unit];
}

std::string fixed_text(double number, int digits) {
  constexpr double kLargest = 1e15;  // beyond it a double has no decimals
  if (!std::isfinite(number)) number = 0;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::clamp(number, -kLargest, kLargest),
                                 std::chars_format::fixed, digits);
  return {text.data(), end.ptr};
}

}  // namespace initscan::audit
