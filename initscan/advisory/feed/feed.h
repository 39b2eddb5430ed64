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
  // Of several records of a feed's kind with one id the one that was modified last is the record; "": always counts.
  std::string id;
  std::string modified;  // RFC 3339, "" where the feed does not say
  bool withdrawn = false;

  // An announcement that repairs what an earlier one of its series broke ("DLA-1-2" after "DLA-1-1").
  bool regression_update = false;

  std::vector<Advisory> advisories;

  // A reason for each statement that says nothing which could be indexed: "not affected".
  std::vector<std::string> skipped;

  // The same for what only is less than it could be: a severity that is not understood.
  std::vector<std::string> notes;
};

/// Whether the heading of an announcement says that it repairs an earlier repair.
bool is_regression_update(std::string_view summary);

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
