#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace initscan {

/// The text of a tree, on one line, or for people with this many spaces for each level. Trees are for objects that are
/// read, changed and written again, as manifests, patches and the API server's objects; what is only written is written
/// by JsonWriter. Text in it that is not UTF-8 comes out with U+FFFD: hostile bytes are no reason to throw.
template <class Json>
std::string json_text(const Json& tree, int indent = -1) {
  return tree.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace initscan
