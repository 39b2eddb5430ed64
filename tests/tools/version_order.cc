// Reads lines "A B" and answers each with "<", "=" or ">", or "?" where one of them is no version or it cannot be said.
#include "initscan/version/version.h"

#include <cstdio>
#include <iostream>
#include <map>
#include <string>

int main(int argc, char** argv) {
  using initscan::VersionOrder;
  const std::map<std::string, VersionOrder> orders{
      {"deb", VersionOrder::deb},           {"apk2", VersionOrder::apk2},       {"apk3", VersionOrder::apk3},
      {"rpm", VersionOrder::rpm},           {"generic", VersionOrder::generic}, {"cargo", VersionOrder::cargo},
      {"composer", VersionOrder::composer}, {"gem", VersionOrder::gem},         {"golang", VersionOrder::golang},
      {"hex", VersionOrder::hex},           {"maven", VersionOrder::maven},     {"npm", VersionOrder::npm},
      {"nuget", VersionOrder::nuget},       {"pub", VersionOrder::pub},         {"python", VersionOrder::python}};
  const auto order = orders.find(argc >= 2 ? argv[1] : "");
  if (order == orders.end() || argc != 2) {
    std::fputs("usage: version_order deb|apk2|apk3|rpm|...\n", stderr);
    return 64;
  }
  std::string a;
  std::string b;
  while (std::cin >> a >> b) {
    const bool proper = is_version(order->second, a) && is_version(order->second, b);
    const auto found = compare_versions(order->second, a, b);
    std::puts(!proper || !found ? "?" : *found < 0 ? "<" : *found > 0 ? ">" : "=");
  }
}
