#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/osv_listing.h"
#include "initscan/commands/feed_sources.h"
#include "initscan/fetch/fetch_line.h"
#include "initscan/fetch/fetcher.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// More changed records than these, or more lost ones of a hundred, are not brought one by one: the whole archive is.
inline constexpr std::size_t kMostChangedRecords = 300;
inline constexpr std::size_t kMostGonePercent = 10;

// Brings what has changed of OSV's archives since they were fetched: their listings say which records that are, and
// these are merged into the archives. Where that cannot be done, for whatever reason, nothing is lost: the whole
// archive is fetched as ever.
class OsvIncrements {
 public:
  /// Fetches files of at most so many bytes into a folder of kept files; a line for each, in their order.
  using Fetch = std::function<Result<std::vector<FetchLine>>(
      const std::string& folder, const std::vector<FetchTask>& tasks, std::uint64_t most_bytes)>;

  OsvIncrements(std::string folder, Fetch fetch) : folder_(std::move(folder)), fetch_(std::move(fetch)) {}

  /// What became of each source that was brought up to date, by its name. Of the others there is no line.
  /// Errors: of fetching at all.
  Result<std::map<std::string, FetchLine>> bring(const std::vector<FeedSource>& sources) const;

 private:
  Result<FetchLine> bring_one(const FeedSource& source, const FetchLine& listing, const std::string& records) const;
  Result<std::map<std::string, std::string>> documents_of(const FeedSource& source, const std::vector<std::string>& ids,
                                                          const OsvRecords& listed, const std::string& folder) const;

  std::string folder_;
  Fetch fetch_;
};

}  // namespace initscan
