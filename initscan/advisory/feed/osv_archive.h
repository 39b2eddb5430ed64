#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/osv_listing.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace initscan {

/// The records of an archive of JSON documents. Errors, with the path: as of for_each_feed_file() and
/// parse_osv_stamp(); malformed - one that is there twice.
Result<OsvRecords> records_in(const std::string& archive);

// What separates an archive from a listing.
struct OsvDifference {
  std::vector<std::string> changed;  // listed, and not in the archive, or older there
  std::size_t gone = 0;              // in the archive, and no longer listed
};
OsvDifference difference_of(const OsvRecords& archive, const OsvRecords& listed);

/// Writes an archive of another, with these documents in the place of older ones of their ids, and without what is no
/// longer listed. Errors, with the path: of either file.
Result<void> merge_osv_archive(const std::string& from, const std::map<std::string, std::string>& documents,
                               const OsvRecords& listed, const std::string& to);

}  // namespace initscan
