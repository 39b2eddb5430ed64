#pragma once

#include "common/http/exchange.h"
#include "server/api/target.h"
#include "server/auth/identity.h"
#include "server/store/store.h"

#include <chrono>
#include <string>
#include <string_view>

namespace initscan::server {

// What is asked about audits. Each function blocks.

/// POST /v1/audits: keeps the report in `body`. 201, or 200 where the same was there already.
HttpResponse keep_audit(Store& store, const std::string& cluster, const Identity& reporter, std::string_view body,
                        std::chrono::sys_seconds now);

/// GET /v1/audits
HttpResponse list_audits(Store& store, const std::string& cluster, const Parameters& query);

/// GET /v1/audits/ID, or the last one where `id` is 0: the report as it was sent; `if_none_match` is what the client
/// has.
HttpResponse show_audit(Store& store, const std::string& cluster, std::int64_t id, std::string_view if_none_match);

}  // namespace initscan::server
