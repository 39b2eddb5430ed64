#pragma once

#include "common/http/exchange.h"
#include "common/result.h"

#include <string_view>

namespace initscan::server {

/// An error as every path of the API tells it: problem details (RFC 9457), with its status and the words for people.
HttpResponse problem(unsigned status, std::string_view detail);

/// The same of an error of ours: its code gives the status.
HttpResponse problem(const Error& error);

/// The same of an error of the store's, which is no client's fault; where it is kept is not told to clients.
HttpResponse store_problem(const Error& error);

}  // namespace initscan::server
