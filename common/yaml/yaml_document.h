#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <yaml-cpp/node/node.h>

namespace initscan {

inline constexpr std::size_t kMaxYamlNodes = 2'000'000;  // of all documents, aliases expanded
inline constexpr std::size_t kMaxYamlDepth = 100;
inline constexpr std::size_t kMaxYamlKey = 1000;  // bytes of a key as it is written

// YAML documents whose scalars keep their own words: `yes`, `0644` and "1" come out as they went in, and mean
// to the next reader what they meant to the last. Comments are lost. Aliases and merge keys are expanded, so
// that a change in one place changes no other.

/// `first_line` is that of `text` in its file, for errors.
/// Errors: malformed, with the line; over_limit.
Result<std::vector<YAML::Node>> load_yaml(std::string_view text, std::size_t first_line = 1);

/// One document in block style, without the marker before it.
std::string emit_yaml(const YAML::Node& document);

/// The document as JSON, for who reads API objects: booleans and whole numbers as such, every other scalar as text.
std::string object_json(const YAML::Node& document);

/// Applies `add` and `remove` of a JSON Patch. Errors: malformed - a path that is not there.
Result<void> apply_patch(const YAML::Node& document, const nlohmann::json& patch);

}  // namespace initscan
