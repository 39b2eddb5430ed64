#include "common/config/node.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::size_t kMaxShownKey = 60;  // bytes; the rest of a longer one helps nobody

void append_path(std::string& out, const ConfigStep& step) {
  if (step.parent) append_path(out, *step.parent);
  if (step.name.empty()) {
    out += '[' + std::to_string(step.item) + ']';
  } else {
    out += '.' + step.name.substr(0, kMaxShownKey) + (step.name.size() > kMaxShownKey ? "..." : "");
  }
}

}  // namespace

std::string to_text(const ConfigPlace& place) {
  if (place.line > 0) {
    const std::string line = std::to_string(place.line);
    return place.column > 0 ? line + ':' + std::to_string(place.column) : line;
  }
  std::string text;
  if (place.path) append_path(text, *place.path);
  return text;
}

Error at_place(const ConfigPlace& place, std::string text, Errc code) {
  const std::string where = to_text(place);
  return {code, (where.empty() ? "" : where + ": ") + std::move(text)};
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

std::string text_in(const ConfigNode& mapping, std::string_view key) {
  const ConfigNode* const value = mapping.find(key);
  return value != nullptr && value->kind == ConfigKind::text ? value->words : std::string();
}

Result<void> ConfigBudget::take(const ConfigPlace& place, std::size_t depth) {
  if (++nodes_ > kMaxConfigNodes) {
    return at_place(place, "more than " + std::to_string(kMaxConfigNodes) + " values; are aliases a bomb?",
                    Errc::over_limit);
  }
  if (depth > kMaxConfigDepth) {
    return at_place(place, "nested more than " + std::to_string(kMaxConfigDepth) + " deep", Errc::over_limit);
  }
  return {};
}

}  // namespace initscan
