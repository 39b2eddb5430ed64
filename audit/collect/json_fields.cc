#include "audit/collect/json_fields.h"

#include "common/time/rfc3339.h"

namespace initscan::audit {

namespace dom = simdjson::dom;

JsonFields::JsonFields(const dom::element& root, std::optional<Error>& first_error) : first_error_(first_error) {
  exists_ = root.get(object_) == simdjson::SUCCESS;
  if (!exists_ && !first_error_) first_error_ = Error{Errc::malformed, "want an object"};
}

JsonFields::JsonFields(const dom::element& value, const JsonFields& parent, std::string_view key, std::size_t index)
    : first_error_(parent.first_error_), parent_(&parent), key_(key), index_(index) {
  exists_ = value.get(object_) == simdjson::SUCCESS;
  if (!exists_ && !first_error_) first_error_ = Error{Errc::malformed, place() + ": want an object"};
}

std::string JsonFields::place() const {
  if (parent_ == nullptr) return {};
  std::string text = parent_->place();
  if (!text.empty()) text += '.';
  text += key_;
  if (index_ != kNoIndex) text += '[' + std::to_string(index_) + ']';
  return text;
}

void JsonFields::fail(std::string_view key, std::string_view want, Errc code) const {
  if (first_error_) return;
  std::string text = place();
  if (!text.empty()) text += '.';
  first_error_ = Error{code, text.append(key).append(": ").append(want)};
}

std::optional<dom::element> JsonFields::at(std::string_view key) const {
  dom::element found;
  if (!exists_ || object_[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

JsonFields JsonFields::object(std::string_view key) const& {
  const auto found = at(key);
  if (found) return JsonFields(*found, *this, key, kNoIndex);
  JsonFields absent(*this);
  absent.parent_ = this;
  absent.key_ = key;
  absent.index_ = kNoIndex;
  absent.exists_ = false;
  return absent;
}

std::string_view JsonFields::text(std::string_view key) const {
  const auto found = at(key);
  return found ? text_of(*found, key) : std::string_view();
}

std::string_view JsonFields::text_of(const dom::element& value, std::string_view key) const {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) fail(key, "want text");
  if (text.size() > kMaxTextBytes)
    fail(key, "longer than " + std::to_string(kMaxTextBytes) + " bytes", Errc::over_limit);
  return text;
}

std::optional<bool> JsonFields::flag(std::string_view key) const {
  const auto found = at(key);
  bool value = false;
  if (!found) return std::nullopt;
  if (found->get(value) != simdjson::SUCCESS) fail(key, "want true or false");
  return value;
}

std::optional<std::int64_t> JsonFields::number(std::string_view key) const {
  const auto found = at(key);
  std::int64_t value = 0;
  if (!found) return std::nullopt;
  if (found->get(value) != simdjson::SUCCESS) fail(key, "want a whole number");
  return value;
}

std::optional<Time> JsonFields::time(std::string_view key) const {
  const std::string_view words = text(key);
  if (words.empty()) return std::nullopt;
  const auto time = parse_rfc3339(words);
  if (time) return *time;
  fail(key, "want a time such as 2026-12-31T00:00:00Z");
  return std::nullopt;
}

std::vector<dom::element> JsonFields::list(std::string_view key, std::size_t most) const {
  const auto found = at(key);
  if (!found) return {};
  dom::array array;
  std::vector<dom::element> items;
  if (found->get(array) != simdjson::SUCCESS) {
    fail(key, "want a list");
    return {};
  }
  for (const dom::element item : array) {
    if (items.size() == most) {
      fail(key, "more than " + std::to_string(most), Errc::over_limit);
      return {};
    }
    items.push_back(item);
  }
  return items;
}

std::vector<std::string> JsonFields::texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const dom::element item : list(key, kMaxListEntries)) texts.emplace_back(text_of(item, key));
  return texts;
}

StringMap JsonFields::text_map(std::string_view key) const {
  StringMap map;
  const JsonFields fields = object(key);
  if (!fields.exists()) return map;
  for (const auto entry : fields.object_) {
    if (map.size() == kMaxMapEntries) {
      fail(key, "more than " + std::to_string(kMaxMapEntries), Errc::over_limit);
      break;
    }
    if (!entry.value.is_null()) map.emplace(entry.key, fields.text_of(entry.value, entry.key));
  }
  return map;
}

std::string_view JsonFields::other_key(std::string_view but) const {
  if (!exists_) return {};
  for (const auto entry : object_) {
    if (entry.key != but && !entry.value.is_null()) return entry.key;
  }
  return {};
}

}  // namespace initscan::audit
