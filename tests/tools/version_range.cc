// Reads lines "VERSION RANGE" and answers each with "in" or "out", or "?" where the range is not understood.
#include "initscan/version/written_range.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>

using initscan::VersionOrder;

namespace {

bool is_in(VersionOrder order, const std::string& version, const initscan::VersionRange& range) {
  const auto compared = [&](const std::string& bound) { return compare_versions(order, version, bound).value_or(0); };
  if (!range.introduced.empty() && compared(range.introduced) < 0) return false;
  if (!range.fixed.empty()) return compared(range.fixed) < 0;
  return range.last_affected.empty() || compared(range.last_affected) <= 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, VersionOrder> orders{
      {"npm", VersionOrder::npm}, {"cargo", VersionOrder::cargo}, {"python", VersionOrder::python},
      {"gem", VersionOrder::gem}, {"maven", VersionOrder::maven}, {"composer", VersionOrder::composer}};
  const auto order = orders.find(argc == 2 ? argv[1] : "");
  if (order == orders.end()) {
    std::fputs("usage: version_range npm|cargo|python|gem|maven|composer\n", stderr);
    return 64;
  }
  std::string version;
  std::string text;
  while (std::cin >> version && std::getline(std::cin, text)) {
    const auto ranges = initscan::read_written_range(order->second, text);
    const bool is_known = ranges && is_version(order->second, version);
    const bool found = is_known && std::any_of(ranges->begin(), ranges->end(),
                                               [&](const auto& range) { return is_in(order->second, version, range); });
    std::puts(!is_known ? "?" : found ? "in" : "out");
  }
}
