#include "common/yaml/strict_mapping.h"

#include "common/text/join.h"
#include "common/yaml/load_all.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <yaml-cpp/yaml.h>

namespace initscan {
Error at_mark(const YAML::Mark& mark, std::string text) {
  const std::string place = mark.is_null() ? std::string() : std::to_string(mark.line + 1) + ": ";
  return {Errc::malformed, place + std::move(text)};
}

Result<void> load_one_document(std::string_view text, std::string_view what, YAML::Node& document) {
  if (auto done = check_text(text); !done) return done.error();
  try {
    const std::vector<YAML::Node> documents = load_all_yaml(std::string(text));
    const std::string name(what);
    if (documents.empty() || documents.front().IsNull()) return Error{Errc::malformed, "no " + name + " in it"};
    if (documents.size() > 1) return at_mark(documents[1].Mark(), "a second document; want one " + name);
    document.reset(documents.front());
    return {};
  } catch (const YAML::Exception& e) { return at_mark(e.mark, "not YAML: " + e.msg); }
}

StrictMapping::StrictMapping(const YAML::Node& node, std::string name, std::span<const std::string_view> known)
    : node_(node), name_(std::move(name)) {
  check_keys(known);
}

std::string StrictMapping::required(const std::string& key) {
  if (error_) return {};
  const YAML::Node value = at_key(key);
  if (!value || (value.IsScalar() && value.Scalar().empty())) {
    fail(node_.Mark(), name_ + " without " + key);
    return {};
  }
  return word(value, key);
}

std::string StrictMapping::optional(const std::string& key) {
  if (error_) return {};
  const YAML::Node value = at_key(key);
  return value ? word(value, key) : std::string();
}

void StrictMapping::number(const std::string& key, std::int64_t least, std::int64_t most, std::int64_t& out) {
  const std::string text = optional(key);
  if (error_ || !at_key(key)) return;
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return fail_at(key, key + " \"" + text + "\": want a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most));
  }
  out = value;
}

void StrictMapping::words(const std::string& key, std::size_t most, std::vector<std::string>& out) {
  if (error_) return;
  const YAML::Node list = at_key(key);
  if (!list) return;
  if (!list.IsSequence()) return fail(list.Mark(), "want a list for " + key);
  if (list.size() > most) return fail(list.Mark(), "more than " + std::to_string(most) + " entries in " + key);
  for (const YAML::Node& item : list) out.push_back(word(item, key));
}

void StrictMapping::check_keys(std::span<const std::string_view> known) {
  if (!node_.IsMap()) return fail(node_.Mark(), "want a mapping for " + name_);
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar()) return fail(entry.first.Mark(), "want plain text as a key in " + name_);
    const std::string& key = entry.first.Scalar();
    const std::string named = '"' + key + '"';
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return fail(entry.first.Mark(), "unknown key " + named + " in " + name_ + "; known are " + join(known));
    }
    if (!seen.insert(key).second) return fail(entry.first.Mark(), "key " + named + " is given twice in " + name_);
  }
}

std::string StrictMapping::word(const YAML::Node& value, const std::string& key) {
  if (value.IsScalar()) return value.Scalar();
  fail(value.Mark(), "want a single value for " + key + " in " + name_);
  return {};
}

void StrictMapping::fail(const YAML::Mark& mark, std::string text) {
  if (!error_) error_ = at_mark(mark, std::move(text));
}

}  // namespace initscan
