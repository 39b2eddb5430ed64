#pragma once

#include "common/http/client.h"
#include "common/result.h"
#include "initscan/fetch/kept_file.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace initscan {

inline constexpr unsigned kMaxContinuations = 100;        // of one download that breaks off
inline constexpr std::chrono::hours kLongestDownload{1};  // with all of them: a whole archive on a slow line

enum class Fetched : std::uint8_t {
  fetched,    // the new one is there, whole
  unchanged,  // what is in use is what the server has
};

// How far a download is; `total` is 0 where the server does not say.
using FetchProgress = std::function<void(std::uint64_t bytes, std::uint64_t total)>;

// What to bring.
struct DownloadRequest {
  std::string url;
  HttpHeaders headers{};
  HttpCredentials credentials{};  // for the server of `url`
  std::uint64_t most_bytes = kMaxDownloadBytes;
};

/// Brings what a URL has now into a kept file's new state, unless it is there or in use already (ETag and
/// If-Modified-Since). What broke off is continued where the server names its state by a strong ETag (Range and
/// If-Range), also by a later process. Errors, named by URL: as HttpClient::demand(); malformed - it answers with
/// another part than was asked for, or with nothing; truncated - with less than it says; over_limit - with more
/// than it may; io.
Result<Fetched> fetch(const HttpClient& client, const DownloadRequest& wanted, const KeptFile& file,
                      const FetchProgress& progress);

}  // namespace initscan
