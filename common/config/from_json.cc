#include "common/config/from_json.h"

#include "common/json/tree_text.h"

#include <string>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

namespace dom = simdjson::dom;
using Path = std::shared_ptr<const ConfigStep>;

Path step(const Path& parent, std::string_view key) {
  return std::make_shared<ConfigStep>(ConfigStep{parent, key.empty() ? "\"\"" : std::string(key), 0});
}

Path step(const Path& parent, std::size_t item) {
  return std::make_shared<ConfigStep>(ConfigStep{parent, {}, item});
}

// What is not a container: its kind and its words.
std::pair<ConfigKind, std::string> scalar_of(const nlohmann::json& value) {
  if (value.is_boolean()) return {ConfigKind::boolean, json_text(value)};
  if (value.is_number()) return {ConfigKind::number, json_text(value)};
  if (value.is_string()) return {ConfigKind::text, value.get<std::string>()};
  return {ConfigKind::null, {}};
}

std::pair<ConfigKind, std::string> scalar_of(const dom::element& value) {
  if (value.is_bool()) return {ConfigKind::boolean, simdjson::minify(value)};
  if (value.is_number()) return {ConfigKind::number, simdjson::minify(value)};
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return {ConfigKind::text, std::string(text)};
  return {ConfigKind::null, {}};
}

template <class Visit>
void for_each_entry(const nlohmann::json& mapping, Visit visit) {
  for (const auto& [key, value] : mapping.items()) visit(key, value);
}

template <class Visit>
void for_each_entry(const dom::element& mapping, Visit visit) {
  dom::object object;
  if (mapping.get(object) != simdjson::SUCCESS) return;
  for (const dom::key_value_pair entry : object) visit(entry.key, entry.value);
}

template <class Visit>
void for_each_item(const nlohmann::json& list, Visit visit) {
  for (const auto& item : list) visit(item);
}

template <class Visit>
void for_each_item(const dom::element& list, Visit visit) {
  dom::array array;
  if (list.get(array) != simdjson::SUCCESS) return;
  for (const dom::element item : array) visit(item);
}

class Maker {
 public:
  template <class Value>
  Result<void> make(const Value& from, const Path& path, std::size_t depth, ConfigNode& to) {
    to.place.path = path;
    if (auto taken = budget_.take(to.place, depth); !taken) return taken;
    Result<void> made;
    if (from.is_object()) {
      to.kind = ConfigKind::mapping;
      for_each_entry(from, [&](std::string_view key, const auto& value) {
        if (!made) return;
        const Path below = step(path, key);
        to.entries.push_back({std::string(key), {0, 0, below}, {}});
        made = make(value, below, depth + 1, to.entries.back().value);
      });
    } else if (from.is_array()) {
      to.kind = ConfigKind::list;
      for_each_item(from, [&](const auto& item) {
        if (!made) return;
        const Path below = step(path, to.items.size());
        made = make(item, below, depth + 1, to.items.emplace_back());
      });
    } else {
      std::tie(to.kind, to.words) = scalar_of(from);
    }
    return made;
  }

 private:
  ConfigBudget budget_;
};

template <class Value>
Result<ConfigNode> tree_of(const Value& object) {
  ConfigNode tree;
  if (auto made = Maker().make(object, nullptr, 0, tree); !made) return made.error();
  return tree;
}

}  // namespace

Result<ConfigNode> config_from_json(const nlohmann::json& object) {
  return tree_of(object);
}

Result<ConfigNode> config_from_json(const dom::element& object) {
  return tree_of(object);
}

}  // namespace initscan
