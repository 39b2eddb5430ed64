#pragma once

#include "common/result.h"
#include "initscan/model/policy.h"
#include "initscan/model/verdict.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan {

// Where one image is to be had: unpacked below a folder, or as the SBOM of a collector.
struct ImageSource {
  enum class Kind : std::uint8_t { rootfs, sbom };

  std::string index;  // "0": its number on the command line
  std::string image;  // what to call it in the verdict
  Kind kind = Kind::rootfs;
  std::string path;
};

// An image and what was found in it; `sbom` where the format of the report needs it.
struct Scan {
  Verdict verdict;
  std::vector<Sbom> sboms;  // one for each of verdict.images; empty where the image could not be read
};

struct ScanRequest {
  std::vector<ImageSource> images;
  std::string seal_path;   // of the nonce with which SBOMs are sealed; "": they need no seal
  std::string index_path;  // of the advisory index
  Policy policy;
  std::chrono::sys_seconds now;
};

/// The whole way of an image: collect, match, judge. Confines the process before it reads the first byte of
/// an image: afterwards it can neither open another file for writing nor reach the network.
/// An image that cannot be read is undecided in the verdict; an error is what keeps every image from being
/// judged: the index, or the confinement.
Result<Scan> scan(const ScanRequest& request);

}  // namespace initscan
