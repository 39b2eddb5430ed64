#pragma once

#include "common/http/exchange.h"
#include "server/api/target.h"
#include "server/auth/identity.h"
#include "server/pods/reporting_pod.h"
#include "server/store/reports.h"
#include "server/store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace initscan::server {

inline constexpr std::size_t kUsualPage = 100;  // rows of an answer, where the query does not say

// What of the store is asked for, and by whom. Each function blocks.

// An answer to a report, and what it says where it was kept now.
struct ReportAnswer {
  HttpResponse response;
  std::string verdict{};  // "": nothing was kept
};

// Where reports are kept.
struct StorePart {
  std::string cluster;
  StoreRoom room;
};

// Who reports.
struct Reporter {
  Identity identity;
  Result<ReportingPod> pod;  // what the cluster knows of it
};

/// Keeps a report, which is in `body`. 201, or 200 where the same was there already. An image that is named by a tag is
/// kept by the digest that the pod's node tells of it.
ReportAnswer keep_report(Store& store, const StorePart& part, const Reporter& reporter, std::string_view body,
                         std::chrono::sys_seconds now);

/// GET /v1/images
HttpResponse list_images(Store& store, const View& view, const Parameters& query);

/// GET /v1/verdicts/DIGEST: what the newest report says.
HttpResponse show_verdict(Store& store, const View& view, const std::string& digest);

/// GET /v1/images/DIGEST/history
HttpResponse show_history(Store& store, const View& view, const std::string& digest, const Parameters& query);

/// GET /v1/images/DIGEST/sbom: the document as it was reported; `if_none_match` is what the client has. nullopt: it is
/// of more than `most` bytes.
std::optional<HttpResponse> show_sbom(Store& store, const View& view, const std::string& digest,
                                      std::string_view if_none_match, std::size_t most);

}  // namespace initscan::server
