#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan::server {

/// What an error of PostgreSQL's means for whoever asked. `state` is its SQLSTATE (PostgreSQL's manual, appendix A);
/// "": libpq's own, of a connection that is lost. `words` may have several lines, of which the first is told.
Error postgresql_failure(std::string_view state, std::string_view words, const std::string& place);

/// Why no connection could be made, to any of the hosts that were named. `words`: libpq's, one line for each of them;
/// `verbose`: the same with SQLSTATEs (PQERRORS_VERBOSE), or "". Unavailable unless all of them say for good that we
/// are not let in: what is not there yet may come.
Error postgresql_refusal(std::string_view words, std::string_view verbose, const std::string& place);

}  // namespace initscan::server
