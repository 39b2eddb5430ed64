#include "common/yaml/yaml_document.h"

#include "common/json/tree_text.h"
#include "common/json/writer.h"
#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "common/text/whole_number.h"
#include "common/yaml/load_all.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

using Json = nlohmann::json;

constexpr const char* kQuoted = "!";  // yaml-cpp's tag of a scalar that was not plain
constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

Error at(const YAML::Mark& mark, std::string text, Errc code = Errc::malformed) {
  const std::string place = mark.is_null() ? std::string() : std::to_string(mark.line + 1) + ": ";
  return {code, place + std::move(text)};
}

// Characters that some reader takes for a line break, or does not accept in text: they must be escaped.
bool needs_escape(std::uint32_t code) {
  return (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 || code == 0xfeff;
}

// Every JSON string is a double-quoted YAML scalar.
void append_quoted(std::string& out, const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  JsonWriter writer;
  const std::string json = writer.value(text).take();
  for (std::string_view rest = json; !rest.empty();) {
    const Utf8Character character = first_utf8_character(rest);
    if (needs_escape(character.code)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[character.code >> shift & 15];
    } else {
      out += rest.substr(0, character.bytes);
    }
    rest.remove_prefix(character.bytes);
  }
}

// Whether a scalar that was plain where it stood is read as the same one line further down: yaml-cpp also takes what
// only reads as text between the brackets of a flow collection ("[sh, -]"), and some of what is not YAML at all.
bool stays_plain(std::string_view text) {
  constexpr std::string_view kIndicators = ",[]{}#&*!|>'\"%@`";  // YAML 1.2, 5.3
  constexpr std::string_view kBlank = " \t";
  const auto is_blank_at = [&](std::size_t at) { return at == text.size() || kBlank.find(text[at]) != kBlank.npos; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n' || c == '\r') return false;
    if (c == ':' && is_blank_at(at + 1)) return false;
    if (c == '#' && at > 0 && is_blank_at(at - 1)) return false;
  }
  if (is_blank_at(0) || is_blank_at(text.size() - 1) || kIndicators.find(text[0]) != kIndicators.npos) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  for (std::string_view rest = text; !rest.empty();) {
    const Utf8Character character = first_utf8_character(rest);
    if (needs_escape(character.code)) return false;
    rest.remove_prefix(std::max<std::size_t>(character.bytes, 1));
  }
  return (text[0] != '-' && text[0] != '?' && text[0] != ':') || !is_blank_at(1);
}

// A scalar whose tag says that it is text: one of YAML's tags, or an unknown one, which also leaves it text.
bool is_tagged_text(const YAML::Node& node) {
  constexpr std::array<std::string_view, 6> kResolved{"binary", "bool", "float", "int", "null", "timestamp"};
  const std::string_view tag = node.Tag();
  if (tag.empty() || tag == "?") return false;
  return !tag.starts_with(kCoreTag) ||
         std::find(kResolved.begin(), kResolved.end(), tag.substr(kCoreTag.size())) == kResolved.end();
}

void append_scalar(std::string& out, const YAML::Node& node) {
  if (node.IsNull()) {
    out += "null";
    return;
  }
  const std::string_view tag = node.Tag();
  if (tag.starts_with(kCoreTag) && !is_tagged_text(node)) (out += "!!").append(tag.substr(kCoreTag.size())) += ' ';
  if (is_tagged_text(node) || node.Scalar().empty() || !stays_plain(node.Scalar())) {
    append_quoted(out, node.Scalar());
  } else {
    out += node.Scalar();
  }
}

// A reader accepts a key on one line with its colon only up to this length (YAML 1.2, 7.4.3).
bool is_too_long(const YAML::Node& key) {
  constexpr std::size_t kLongestEscape = 6;
  if (key.Scalar().size() < kMaxYamlKey / kLongestEscape) return false;
  std::string written;
  append_scalar(written, key);
  return written.size() > kMaxYamlKey;
}

// How many nodes a document has once its aliases are expanded is known before anything is copied.
Result<void> check_size(const YAML::Node& node, std::size_t depth, std::size_t& nodes) {
  if (++nodes > kMaxYamlNodes) return at(node.Mark(), "too many nodes; are its aliases a bomb?", Errc::over_limit);
  if (depth > kMaxYamlDepth) return at(node.Mark(), "nested too deeply", Errc::over_limit);
  if (!node.IsMap() && !node.IsSequence()) return {};
  for (const auto& item : node) {
    if (auto done = check_size(node.IsMap() ? item.second : item, depth + 1, nodes); !done) return done;
  }
  return {};
}

Result<void> expand(const YAML::Node& node, YAML::Node& copy);

Result<void> expand_sequence(const YAML::Node& node, YAML::Node& copy) {
  for (const YAML::Node& item : node) {
    YAML::Node expanded;
    if (auto done = expand(item, expanded); !done) return done;
    copy.push_back(expanded);
  }
  return {};
}

// "<<: *base": keys that the mapping does not say itself. Of a list the first that says a key counts.
Result<void> merge(const YAML::Node& source, YAML::Node& into) {
  if (source.IsSequence()) {
    for (const YAML::Node& item : source) {
      if (auto done = merge(item, into); !done) return done;
    }
    return {};
  }
  if (!source.IsMap()) return at(source.Mark(), "want a mapping to merge");
  YAML::Node expanded;
  if (auto done = expand(source, expanded); !done) return done;
  for (const auto& entry : expanded) {
    const YAML::Node known = std::as_const(into)[entry.first.Scalar()];
    if (!known) into.force_insert(entry.first, entry.second);
  }
  return {};
}

// A mapping may say a key twice, as YAML's readers let it: the last one counts, as it does for them.
Result<void> expand_map(const YAML::Node& node, YAML::Node& copy) {
  std::vector<YAML::Node> merged;
  std::vector<std::pair<YAML::Node, YAML::Node>> entries;
  std::unordered_map<std::string, std::size_t> places;  // of keys among the entries
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() && !entry.first.IsNull()) return at(entry.first.Mark(), "want plain text as a key");
    if (is_too_long(entry.first)) return at(entry.first.Mark(), "a key is too long", Errc::over_limit);
    if (entry.first.IsScalar() && entry.first.Tag() != kQuoted && entry.first.Scalar() == "<<") {
      merged.push_back(entry.second);
      continue;
    }
    YAML::Node expanded;
    if (auto done = expand(entry.second, expanded); !done) return done;
    const auto [at, is_new] = places.try_emplace(entry.first.Scalar(), entries.size());
    if (is_new) {
      entries.emplace_back(YAML::Clone(entry.first), expanded);
    } else {
      entries[at->second].second.reset(expanded);
    }
  }
  for (const auto& [key, value] : entries) copy.force_insert(key, value);
  for (const YAML::Node& source : merged) {
    if (auto done = merge(source, copy); !done) return done;
  }
  return {};
}

// Copies a document so that nothing in it is shared; its size has been checked. Results go into `copy`: a Node can be
// made of anything, so it cannot be the value of a Result.
Result<void> expand(const YAML::Node& node, YAML::Node& copy) {
  copy.reset(YAML::Node(node.Type()));
  if (node.IsMap()) return expand_map(node, copy);
  if (node.IsSequence()) return expand_sequence(node, copy);
  copy.reset(YAML::Clone(node));
  return {};
}

bool is_block(const YAML::Node& node) {
  return (node.IsMap() || node.IsSequence()) && node.size() > 0;
}

void emit(std::string& out, const YAML::Node& node, std::size_t indent);

// What follows "key:" or "-".
void emit_value(std::string& out, const YAML::Node& value, std::size_t indent) {
  if (is_block(value)) {
    emit(out, value, indent);
  } else if (value.IsMap()) {
    out += "{}\n";
  } else if (value.IsSequence()) {
    out += "[]\n";
  } else {
    append_scalar(out, value);
    out += '\n';
  }
}

// `out` ends where the first line's content begins; the lines after it are indented by `indent`.
void emit(std::string& out, const YAML::Node& node, std::size_t indent) {
  bool first = true;
  const auto start_line = [&] {
    if (!first) out.append(indent, ' ');
    first = false;
  };
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) {
      start_line();
      out += "- ";
      emit_value(out, item, indent + 2);
    }
    return;
  }
  for (const auto& entry : node) {
    start_line();
    append_scalar(out, entry.first);
    out += ':';
    if (!is_block(entry.second)) {
      out += ' ';
      emit_value(out, entry.second, indent);
      continue;
    }
    const std::size_t deeper = entry.second.IsSequence() ? indent : indent + 2;
    out += '\n';
    out.append(deeper, ' ');
    emit(out, entry.second, deeper);
  }
}

// Plain booleans and whole numbers are what they look like; everything else is text, which is all that the
// readers of API objects need of it.
void write_scalar(JsonWriter& json, const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (is_tagged_text(node)) {
    json.value(text);
    return;
  }
  const auto number = whole_number<std::int64_t>(text);
  if (text == "true" || text == "false") {
    json.value(text == "true");
  } else if (number) {
    json.value(*number);
  } else {
    json.value(text);
  }
}

void write(JsonWriter& json, const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      json.begin_object();
      for (const auto& entry : node) write(json.key(entry.first.Scalar()), entry.second);
      json.end_object();
      break;
    case YAML::NodeType::Sequence:
      json.begin_array();
      for (const YAML::Node& item : node) write(json, item);
      json.end_array();
      break;
    case YAML::NodeType::Scalar: write_scalar(json, node); break;
    default: json.null();
  }
}

// Plain where no reader could take it for something else than this text.
bool is_plainly_text(const std::string& text) {
  constexpr std::array<std::string_view, 13> kWords{"true", "false", "null", "yes", "no", "on", "off",
                                                    "y",    "n",     "Yes",  "No",  "On", "Off"};
  constexpr std::string_view kAlso = "0123456789./_-@=:";
  return text.size() > 1 && text.back() != ':' && (is_letter(text.front()) || text.front() == '/') &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_letter(c) || kAlso.find(c) != kAlso.npos; }) &&
         std::find(kWords.begin(), kWords.end(), text) == kWords.end();
}

YAML::Node node_of(const Json& json) {
  if (json.is_object()) {
    YAML::Node map(YAML::NodeType::Map);
    // The name first, as people write it and look for it.
    if (json.contains("name")) map.force_insert(node_of("name"), node_of(json["name"]));
    for (const auto& [key, value] : json.items()) {
      if (key != "name") map.force_insert(node_of(key), node_of(value));
    }
    return map;
  }
  if (json.is_array()) {
    YAML::Node sequence(YAML::NodeType::Sequence);
    for (const Json& item : json) sequence.push_back(node_of(item));
    return sequence;
  }
  if (!json.is_string()) return YAML::Node(json_text(json));
  YAML::Node scalar(json.get<std::string>());
  if (!is_plainly_text(scalar.Scalar())) scalar.SetTag(kQuoted);
  return scalar;
}

std::vector<std::string> keys_of(const std::string& path) {
  std::vector<std::string> keys;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    std::string key = path.substr(at, slash - at);
    for (std::size_t tilde = key.find("~1"); tilde != key.npos; tilde = key.find("~1")) key.replace(tilde, 2, "/");
    keys.push_back(std::move(key));
    at = slash + 1;
  }
  return keys;
}

// A place in a list, as a path says it.
std::optional<std::size_t> place_in_list(const std::string& key) {
  return whole_number<std::size_t>(key);
}

// What is at a key of a map or at a position of a list; undefined if nothing is.
YAML::Node step(const YAML::Node& place, const std::string& key) {
  if (!place.IsSequence()) return place[key];
  const auto at = place_in_list(key);
  return at ? place[*at] : YAML::Node(YAML::NodeType::Undefined);
}

// yaml-cpp's sequences cannot insert: the new list takes the old one's place.
void change_sequence(YAML::Node sequence, std::size_t place, const Json* value) {
  YAML::Node changed(YAML::NodeType::Sequence);
  for (std::size_t i = 0; i <= sequence.size(); ++i) {
    if (value != nullptr && i == place) changed.push_back(node_of(*value));
    if (i < sequence.size() && (value != nullptr || i != place)) changed.push_back(sequence[i]);
  }
  sequence = changed;
}

// An error whose line counts from another than the first.
Error from_line(Error error, std::size_t first_line) {
  std::size_t line = 0;
  const char* const end = error.text.data() + error.text.size();
  const auto [behind, failed] = std::from_chars(error.text.data(), end, line);
  if (failed != std::errc() || behind == end || *behind != ':') return error;
  error.text.replace(0, static_cast<std::size_t>(behind - error.text.data()), std::to_string(line + first_line - 1));
  return error;
}

Result<std::vector<YAML::Node>> load_from_one(std::string_view text) {
  if (auto done = check_text(text); !done) return done.error();
  try {
    std::vector<YAML::Node> documents = load_all_yaml(std::string(text));
    std::size_t nodes = 0;
    for (YAML::Node& document : documents) {
      if (auto done = check_size(document, 0, nodes); !done) return done.error();
      YAML::Node expanded;
      if (auto done = expand(document, expanded); !done) return done.error();
      document.reset(expanded);
    }
    return documents;
  } catch (const YAML::Exception& e) { return at(e.mark, "not YAML: " + e.msg); }
}

}  // namespace

Result<std::vector<YAML::Node>> load_yaml(std::string_view text, std::size_t first_line) {
  auto documents = load_from_one(text);
  if (!documents) return from_line(std::move(documents).error(), first_line);
  return documents;
}

std::string emit_yaml(const YAML::Node& document) {
  std::string out;
  emit_value(out, document, 0);
  return out;
}

std::string object_json(const YAML::Node& document) {
  JsonWriter json;
  write(json, document);
  return json.take();
}

Result<void> apply_patch(const YAML::Node& document, const Json& patch) {
  for (const Json& operation : patch) {
    const std::vector<std::string> keys = keys_of(operation.at("path").get<std::string>());
    YAML::Node place;
    place.reset(document);
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      const YAML::Node next = step(place, keys[i]);
      if (!next) return Error{Errc::malformed, "no place for " + operation.at("path").get<std::string>()};
      place.reset(next);
    }
    const bool is_add = operation.at("op") == "add";
    if (place.IsSequence()) {
      const auto at = keys.back() == "-" ? std::optional(place.size()) : place_in_list(keys.back());
      if (!at) return Error{Errc::malformed, "no place for " + operation.at("path").get<std::string>()};
      change_sequence(place, *at, is_add ? &operation.at("value") : nullptr);
    } else if (is_add) {
      place[keys.back()] = node_of(operation.at("value"));
    } else {
      place.remove(keys.back());
    }
  }
  return {};
}

}  // namespace initscan
