#pragma once

#include "common/json/shape.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

/// What a JSON text starts with, as JSON of its own: at most the first `bytes`, up to where it becomes too deep,
/// without the value that is not whole then, and with what is open closed. Of an object that is too large to be read it
/// still tells the name. `json` need not be valid; what it starts with then is not, either.
std::string json_beginning(std::string_view json, std::size_t bytes, std::size_t nesting = kMaxJsonNesting);

}  // namespace initscan
