// A tree of configuration, whatever it is made from: bounded, every value with a place, and from JSON of one shape
// whichever library has parsed it.
#include "common/config/from_json.h"
#include "common/config/from_yaml.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using namespace initscan;

std::size_t count(const ConfigNode& node, std::size_t depth) {
  if (depth > kMaxConfigDepth || (depth > 0 && to_text(node.place).empty())) std::abort();
  std::size_t nodes = 1;
  for (const ConfigNode& item : node.items) nodes += count(item, depth + 1);
  for (const ConfigEntry& entry : node.entries) nodes += count(entry.value, depth + 1);
  return nodes;
}

std::size_t checked(const Result<ConfigNode>& tree) {
  if (!tree) return tree.error().text.empty() ? (std::abort(), 0) : 0;
  const std::size_t nodes = count(*tree, 0);
  if (nodes > kMaxConfigNodes) std::abort();
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  checked(config_from_yaml(text, "configuration", 1 << 20));

  const auto json = nlohmann::json::parse(text, nullptr, false);
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (json.is_discarded() || parser.parse(text).get(element) != simdjson::SUCCESS) return 0;
  // Of a key that is given twice nlohmann's tree has only one.
  const std::size_t nodes = checked(config_from_json(element));
  if (nodes > 0 && checked(config_from_json(json)) > nodes) std::abort();
  return 0;
}
