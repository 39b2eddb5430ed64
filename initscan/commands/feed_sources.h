#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/overlay/overlay_sources.h"

#include <string>
#include <vector>

namespace initscan {

// Where everybody finds OSV's archives, one for each ecosystem. Source: google.github.io/osv.dev/data.
inline constexpr const char* kOsvArchives = "https://storage.googleapis.com/osv-vulnerabilities";

// A feed that is fetched, or a source of the overlay.
struct FeedSource {
  const FeedFormat* format = nullptr;
  const OverlayFormat* overlay = nullptr;  // of the two one is given
  std::string name;                        // of its file; see is_fetch_name()
  std::string url;
  bool has_listing = false;  // of OSV\'s archives: when each record was modified
};

/// OSV's archive for an ecosystem, "Debian" or "Debian:12", below `base`. Errors: usage - it is not matched.
Result<FeedSource> osv_source(const std::string& ecosystem, std::string base);

/// Of "KIND:URL". Errors: usage.
Result<FeedSource> url_source(const std::string& argument);

/// A source of the overlay, of one of its kinds. Errors: usage.
Result<FeedSource> overlay_source(std::string_view kind, const std::string& url);

/// "KIND" of "KIND:REST", and the rest. Errors: usage; `option` is what it was given to.
struct KindOfFeed {
  const FeedFormat* format = nullptr;
  std::string rest;
};
/// "osv, alpine-secdb", for people.
std::string kinds_of_feeds();

Result<KindOfFeed> kind_of_feed(const std::string& option, const std::string& argument, const char* want);

// The same of what overlays are made of.
struct KindOfOverlay {
  const OverlayFormat* format = nullptr;
  std::string rest;
};
std::string kinds_of_overlays();

Result<KindOfOverlay> kind_of_overlay(const std::string& option, const std::string& argument);

}  // namespace initscan
