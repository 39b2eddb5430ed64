#pragma once

#include "common/http/exchange.h"
#include "server/api/target.h"
#include "server/store/reports.h"
#include "server/store/store.h"

namespace initscan::server {

/// GET /v1/search?package=NAME: which images hold a package of this name, or of a source package of this name; with
/// `below` those of them whose version is below that, or of which nobody can tell. Pages by image. Blocks.
HttpResponse search(Store& store, const View& view, const Parameters& query);

}  // namespace initscan::server
