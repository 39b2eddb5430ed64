#pragma once

namespace initscan::server {

// Whether all that an SBOM lists was kept as packages, which a search finds: 1, or 0 where it has components that are
// not read. NULL of those that were kept before this was asked.
inline constexpr const char* kSchema5 = R"sql(
ALTER TABLE sboms ADD COLUMN is_whole INTEGER;
)sql";

}  // namespace initscan::server
