#pragma once

#include <string_view>

namespace initscan {

/// The licence under which a record's database is published, by what its ids begin with: "CC-BY-4.0" of "GHSA-...". ""
/// where it is not known. Source: google.github.io/osv.dev/data, November 2026.
std::string_view licence_of(std::string_view id);

}  // namespace initscan
