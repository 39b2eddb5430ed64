#pragma once

#include "common/result.h"

#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/node/node.h>

namespace initscan {

/// The documents of a text, as YAML::LoadAll reads them, and throwing as it does (YAML::ParserException), also where
/// that would never come back: yaml-cpp 0.7 makes documents without end of a text whose next token starts none (", a").
/// Characters beyond U+FFFF may be written as in JSON, too, where all of the text is JSON.
std::vector<YAML::Node> load_all_yaml(std::string text);

/// Refuses bytes that are not UTF-8, and control characters, with their line: yaml-cpp would guess at another encoding,
/// or let a scalar end there, and would read what came of that in another way yet.
Result<void> check_text(std::string_view text);

}  // namespace initscan
