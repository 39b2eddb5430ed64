#pragma once

#include "common/result.h"
#include "initscan/model/advisory.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What a parser makes of one record of a feed: an OSV document, a package of a secdb, a DSA or DLA.
struct FeedRecord {
  std::vector<Advisory> advisories;
  std::string modified;  // RFC 3339, "" where the feed does not say

  // A reason for each statement that says nothing which could be indexed: "not affected".
  std::vector<std::string> skipped;
};

// The reason for a version that dpkg or apk would not take.
inline constexpr const char* kNoVersion = "a version that is none";

using RecordSink = std::function<void(FeedRecord&&)>;

/// OSV: one document, or an array of them. Source: ossf.github.io/osv-schema, 1.6.
Result<void> parse_osv(std::string_view json, const RecordSink& sink);

/// Alpine's secdb: a document for each release and repository, in YAML (JSON is YAML, too).
Result<void> parse_alpine_secdb(std::string_view yaml, const RecordSink& sink);

/// The Debian security tracker's DSA/list and DLA/list.
Result<void> parse_debian_list(std::string_view text, const RecordSink& sink);

// The kinds of feeds by the names that `db build --from KIND:PATH` takes.
struct FeedFormat {
  std::string_view kind;                        // "osv"
  std::string_view wants;                       // for people: "*.json"
  bool (*is_feed_file)(std::string_view path);  // which files of a folder or an archive belong to it
  Result<void> (*parse)(std::string_view text, const RecordSink& sink);
};

const std::vector<FeedFormat>& feed_formats();

}  // namespace initscan
