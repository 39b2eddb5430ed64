#pragma once

#include "common/result.h"
#include "initscan/confine/child.h"
#include "initscan/courier/courier.h"
#include "initscan/model/policy.h"
#include "initscan/model/verdict.h"
#include "initscan/sbom/cyclonedx_reader.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// Where one image comes from: the image itself, or the SBOM that a collector made of it.
struct ImageSource {
  std::string index;      // "0": its number on the command line
  std::string image;      // what to call it in the verdict
  std::string reference;  // as open_image() takes it; "": there is an SBOM
  std::string sbom_path;
};

// Images and what was found in them. Of each of verdict.images there is one of the others, empty where it could not be
// read.
struct Scan {
  Verdict verdict;
  std::vector<Sbom> sboms;
  std::vector<std::string> documents;  // as their collectors wrote them; all empty where they are not kept
};

// A server that matches in the place of an index on this machine.
struct ServerToAsk {
  Courier* courier;                // outlives the scan; nullptr: nobody can be sent
  std::string fault;               // why, then
  std::chrono::milliseconds time;  // that all answers together are waited for
};

// What the process that reads an image may take: some seconds for one of a million files on a slow disk.
inline constexpr ChildLimits kCollectLimits{kMaxSbomBytes, std::chrono::minutes(15)};

struct ScanRequest {
  std::vector<ImageSource> images;
  std::string seal_path;   // of the nonce with which SBOMs are sealed; "": they need no seal
  std::string index_path;  // of the advisory index; beside a server it is opened where the policy says so
  Policy policy;
  std::chrono::sys_seconds now;
  bool hashes_sboms = false;  // for who tells programs of the verdict
  bool keeps_documents = false;
  std::optional<ServerToAsk> server{};
  ChildLimits limits = kCollectLimits;
  std::string overlay_path{};  // opened with the index; "": the one beside it, if there is one
};

/// The whole way of an image, in three: a confined child collects, a matcher matches, the policy judges. This process
/// never opens an image; it takes what the child says of one as it takes a stranger's SBOM, and confines itself before
/// it looks into either. To be called while it has no other thread.
/// An image that cannot be read is undecided in the verdict; an error is what keeps every image from being
/// judged: the index, or the confinement.
Result<Scan> scan(const ScanRequest& request);

}  // namespace initscan
