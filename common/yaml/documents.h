#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/node/node.h>

namespace initscan {

/// Every document of a YAML stream; always comes to an end, which YAML::LoadAll does not.
/// Throws YAML::Exception, as yaml-cpp does, on what is not YAML.
std::vector<YAML::Node> load_documents(const std::string& text);

}  // namespace initscan
