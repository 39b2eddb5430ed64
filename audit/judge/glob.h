#pragma once

#include <string_view>

namespace initscan::audit {

/// Whether all of `text` matches `pattern`, in which * matches any number of characters and everything else matches
/// itself. Takes at most the product of both lengths.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace initscan::audit
