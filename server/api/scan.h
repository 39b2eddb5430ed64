#pragma once

#include "common/http/exchange.h"
#include "initscan/model/policy.h"
#include "server/index/open_index.h"

#include <chrono>
#include <string>
#include <string_view>

namespace initscan::server {

// The policy by which the server judges, with its hash.
struct ServerPolicy {
  Policy policy;
  std::string sha256;  // of its canonical JSON
};

// An answer, and what it says.
struct ScanAnswer {
  HttpResponse response;
  std::string verdict;  // pass, undecided or fail; none: whoever asked judges; "": it is a problem
};

/// Matches and judges an SBOM: the verdict as `--format json` writes it. What cannot be read as one is a problem.
/// `sha256`: of the SBOM as it came. `image`: what to call it in the verdict.
ScanAnswer answer_scan(std::string_view sbom, const std::string& sha256, const std::string& image,
                       const OpenIndex& index, const ServerPolicy& policy, std::chrono::sys_seconds now);

}  // namespace initscan::server
