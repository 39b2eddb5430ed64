#pragma once

#include <string>
#include <string_view>

namespace initscan::server {

/// A migration, which is written for SQLite, in PostgreSQL's words. Both keep the same: whole numbers of 64 bits, texts
/// that are compared byte by byte, and bytes.
std::string postgresql_schema(std::string_view step);

}  // namespace initscan::server
