#include "initscan/version/debian_releases.h"

#include <array>

namespace initscan {
namespace {

struct Release {
  std::string_view codename, number;
};

constexpr std::array<Release, 14> kReleases{{{"potato", "2.2"},
                                             {"woody", "3.0"},
                                             {"sarge", "3.1"},
                                             {"etch", "4"},
                                             {"lenny", "5"},
                                             {"squeeze", "6"},
                                             {"wheezy", "7"},
                                             {"jessie", "8"},
                                             {"stretch", "9"},
                                             {"buster", "10"},
                                             {"bullseye", "11"},
                                             {"bookworm", "12"},
                                             {"trixie", "13"},
                                             {"forky", "14"}}};

}  // namespace

std::string_view debian_number(std::string_view codename) {
  for (const Release& release : kReleases) {
    if (release.codename == codename) return release.number;
  }
  return {};
}

}  // namespace initscan
