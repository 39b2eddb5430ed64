#pragma once

#include "common/result.h"
#include "initscan/model/advisory.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxStatements = 1'000'000;  // of one record: its CVEs x packages x ranges

// What a record calls the vulnerabilities that it is about; a name may stand twice.
struct Identity {
  std::vector<std::string> cves;
  std::vector<std::string> others;  // of the record as a whole, the name to use first: "DSA-5380-1", "XSA-236"

  void add(std::string_view name);
};

/// One advisory for each CVE, with the other names as its aliases; without a CVE one under the first other
/// name, and none without any name. Several CVEs are never one advisory: an exemption of the one would exempt
/// the others, and feeds that name them one by one would count them twice.
/// Errors: over_limit.
Result<std::vector<Advisory>> advisories_of(Identity identity, const Advisory& common);

}  // namespace initscan
