#include "common/config/strict_mapping.h"

#include "common/text/join.h"
#include "common/text/whole_number.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace initscan {
namespace {

// As it is written, so that quotation marks are seen where they are what is wrong.
std::string shown(const ConfigNode& scalar) {
  return scalar.kind == ConfigKind::text ? "the text \"" + scalar.words + '"' : scalar.words;
}

std::optional<std::int64_t> whole_number_in(const ConfigNode& value) {
  return value.kind == ConfigKind::number ? whole_number<std::int64_t>(value.words) : std::nullopt;
}

}  // namespace

StrictMapping::StrictMapping(const ConfigNode& node, std::string name, std::span<const std::string_view> known)
    : node_(node), name_(std::move(name)) {
  check_keys(known);
}

std::string StrictMapping::required(const std::string& key) {
  if (error_) return {};
  const ConfigNode* const value = at_key(key);
  if (value == nullptr || (value->kind == ConfigKind::text && value->words.empty())) {
    fail(node_.place, name_ + " without " + key);
    return {};
  }
  return word(*value, key);
}

std::string StrictMapping::optional(const std::string& key) {
  if (error_) return {};
  const ConfigNode* const value = at_key(key);
  return value != nullptr ? word(*value, key) : std::string();
}

void StrictMapping::boolean(const std::string& key, bool& out) {
  const std::string words = optional(key);
  if (error_ || at_key(key) == nullptr) return;
  const ConfigNode& value = *at_key(key);
  if (value.kind != ConfigKind::boolean) return fail_at(key, key + ": want true or false, not " + shown(value));
  out = words == "true";
}

void StrictMapping::number(const std::string& key, std::int64_t least, std::int64_t most, std::int64_t& out) {
  static_cast<void>(optional(key));  // notes what is no scalar
  if (error_ || at_key(key) == nullptr) return;
  const ConfigNode& value = *at_key(key);
  const auto number = whole_number_in(value);
  if (!number || *number < least || *number > most) {
    return fail_at(key, key + ": want a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                            ", not " + shown(value));
  }
  out = *number;
}

void StrictMapping::share(const std::string& key, std::optional<double>& out) {
  static_cast<void>(optional(key));  // notes what is no scalar
  if (error_ || at_key(key) == nullptr) return;
  const ConfigNode& value = *at_key(key);
  double number = 0;
  const char* const end = value.words.data() + value.words.size();
  const auto [stop, error] = std::from_chars(value.words.data(), end, number);
  const bool is_number = value.kind == ConfigKind::number && error == std::errc() && stop == end;
  if (!is_number || value.words.starts_with('-') || !(number <= 1)) {
    return fail_at(key, key + ": want a number from 0 to 1, not " + shown(value));
  }
  out = number;
}

const ConfigNode* StrictMapping::list(const std::string& key, std::size_t most) {
  const ConfigNode* const list = error_ ? nullptr : at_key(key);
  if (list == nullptr) return nullptr;
  if (list->kind != ConfigKind::list) {
    fail(list->place, "want a list for " + key);
  } else if (list->items.size() > most) {
    fail(list->place, "more than " + std::to_string(most) + " entries in " + key, Errc::over_limit);
  }
  return error_ ? nullptr : list;
}

void StrictMapping::words(const std::string& key, std::size_t most, std::vector<std::string>& out) {
  const ConfigNode* const items = list(key, most);
  if (items == nullptr) return;
  for (const ConfigNode& item : items->items) out.push_back(word(item, key));
}

void StrictMapping::fail_at(std::string_view key, std::string text, Errc code) {
  const ConfigNode* const value = at_key(key);
  fail((value != nullptr ? *value : node_).place, std::move(text), code);
}

void StrictMapping::check_keys(std::span<const std::string_view> known) {
  if (node_.kind != ConfigKind::mapping) return fail(node_.place, "want a mapping for " + name_);
  std::set<std::string_view> seen;
  for (const ConfigEntry& entry : node_.entries) {
    const std::string named = '"' + entry.key + '"';
    if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      return fail(entry.key_place, "unknown key " + named + " in " + name_ + "; known are " + join(known));
    }
    if (!seen.insert(entry.key).second) return fail(entry.key_place, "key " + named + " is given twice in " + name_);
  }
}

std::string StrictMapping::word(const ConfigNode& value, const std::string& key) {
  if (value.is_scalar()) return value.words;
  fail(value.place, "want a single value for " + key + " in " + name_);
  return {};
}

void StrictMapping::fail(const ConfigPlace& place, std::string text, Errc code) {
  if (!error_) error_ = at_place(place, std::move(text), code);
}

}  // namespace initscan
