#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/node/node.h>

namespace initscan {

/// The documents of a text, as YAML::LoadAll reads them, and throwing as it does (YAML::ParserException), also where
/// that would never come back: yaml-cpp 0.7 makes documents without end of a text whose next token starts none (", a").
std::vector<YAML::Node> load_all_yaml(const std::string& text);

}  // namespace initscan
