#include "initscan/advisory/feed/licence.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

struct Database {
  std::string_view head;
  std::string_view licence;
};

constexpr std::array kDatabases{Database{"ALBA-", "MIT"},
                                Database{"ALEA-", "MIT"},
                                Database{"ALSA-", "MIT"},
                                Database{"BIT-", "Apache-2.0"},
                                Database{"GHSA-", "CC-BY-4.0"},
                                Database{"GO-", "CC-BY-4.0"},
                                Database{"GSD-", "CC0-1.0"},
                                Database{"HSEC-", "CC0-1.0"},
                                Database{"MAL-", "Apache-2.0"},
                                Database{"OSV-", "CC-BY-4.0"},
                                Database{"PSF-", "CC-BY-4.0"},
                                Database{"PYSEC-", "CC-BY-4.0"},
                                Database{"RLSA-", "BSD"},
                                Database{"RSEC-", "Apache-2.0"},
                                Database{"RUSTSEC-", "CC0-1.0"},
                                Database{"RXSA-", "BSD"},
                                Database{"UBUNTU-", "CC-BY-SA-4.0"},
                                Database{"USN-", "CC-BY-SA-4.0"}};

}  // namespace

std::string_view licence_of(std::string_view id) {
  const auto known = std::find_if(kDatabases.begin(), kDatabases.end(),
                                  [&](const Database& database) { return id.starts_with(database.head); });
  return known == kDatabases.end() ? std::string_view() : known->licence;
}

}  // namespace initscan
