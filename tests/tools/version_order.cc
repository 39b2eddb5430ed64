// Reads lines "A B" and answers each with "<", "=" or ">", or "?" where one of them is no version.
#include "initscan/version/version.h"

#include <cstdio>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  const std::string kind = argc == 2 ? argv[1] : "";
  if (kind != "deb" && kind != "apk") {
    std::fputs("usage: version_order deb|apk\n", stderr);
    return 64;
  }
  const auto type = kind == "apk" ? initscan::PackageType::apk : initscan::PackageType::deb;
  std::string a;
  std::string b;
  while (std::cin >> a >> b) {
    const bool comparable = initscan::is_version(type, a) && initscan::is_version(type, b);
    const int order = initscan::compare_versions(type, a, b);
    std::puts(!comparable ? "?" : order < 0 ? "<" : order > 0 ? ">" : "=");
  }
}
