#pragma once

#include <string_view>

namespace initscan::audit {

/// Why an environment variable looks like a secret that stands there in clear: "a private key", "by its name"; ""
/// where it does not. A heuristic: by the words of its name, and by the forms that well-known issuers give to keys.
/// What only points to a secret (a path, another variable) is none.
std::string_view secret_shape(std::string_view name, std::string_view value);

}  // namespace initscan::audit
