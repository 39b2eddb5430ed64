#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan::server {

/// What an error of PostgreSQL's means for whoever asked. `state` is its SQLSTATE (PostgreSQL's manual, appendix A);
/// "": libpq's own, of a connection that is lost. `words` may have several lines, of which the first is told.
Error postgresql_failure(std::string_view state, std::string_view words, const std::string& place);

}  // namespace initscan::server
