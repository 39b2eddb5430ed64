#include "injector/inject/manifest_parts.h"

#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "common/text/trim.h"

#include <algorithm>
#include <iterator>

namespace initscan::injector {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == text.npos;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

// "---" or "..." in the first column, followed by white space or nothing.
bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) &&
         (line.size() == marker.size() || kBlanks.find(line[marker.size()]) != kBlanks.npos);
}

// A line that belongs to no document, and may precede one.
bool is_between(std::string_view line) {
  return is_blank(line) || line.starts_with('#') || line.starts_with('%');
}

// "---" followed by nothing but a comment.
bool is_bare_marker(std::string_view line) {
  if (!is_marker(line, "---")) return false;
  const std::string_view rest = trimmed(line.substr(3));
  return rest.empty() || rest.starts_with('#');
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Where a part's document begins: after the byte order mark, and the lines that belong to none.
const char* begin_of_body(std::string_view text) {
  std::string_view rest = without_mark(text);
  while (!rest.empty()) {
    const char* const start = rest.data();
    const std::string_view line = without_mark(take_line(rest));
    if (!is_between(line) && !is_bare_marker(line)) return start;
  }
  return text.data() + text.size();
}

// Where it ends: before the comments and the "..." that close the part. Blank lines stay with the document, whose
// last scalar they may belong to.
const char* end_of_body(std::string_view body) {
  const char* const end = body.data() + body.size();
  const char* last = end;
  for (std::string_view rest = body; !rest.empty();) {
    const char* const start = rest.data();
    const std::string_view line = take_line(rest);
    const bool closes = line.starts_with('#') || is_marker(line, "...");
    if (closes && last == end) last = start;
    if (!closes && !is_blank(line)) last = end;
  }
  return last;
}

// The end of the value that begins with a bracket at the front of `text`; nullptr where it has none.
const char* end_of_value(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return &text[i] + 1;
    }
  }
  return nullptr;
}

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The values of a document that begins with a brace; none if something else is between them.
std::vector<ManifestPart> json_parts(const ManifestPart& whole) {
  std::vector<ManifestPart> parts;
  const char* const end = whole.body.data() + whole.body.size();
  const char* before = whole.before.data();
  std::size_t line = whole.line;
  for (const char* at = whole.body.data(); at != end;) {
    const std::string_view rest = between(at, end);
    const std::size_t blank = std::min(rest.find_first_not_of(kBlanks), rest.size());
    if (blank == rest.size()) {
      parts.back().after = rest;
      break;
    }
    line += lines_in(rest.substr(0, blank));
    at += blank;
    const char* const value_end = *at == '{' ? end_of_value(between(at, end)) : nullptr;
    if (value_end == nullptr) return {};
    parts.push_back({between(before, at), between(at, value_end), {}, line, true});
    line += lines_in(parts.back().body);
    before = at = value_end;
  }
  return parts;
}

void add_part(std::string_view text, std::size_t line, std::vector<ManifestPart>& parts) {
  const char* const end = text.data() + text.size();
  const char* const begin = begin_of_body(text);
  const char* const stop = end_of_body(between(begin, end));
  ManifestPart part{between(text.data(), begin), between(begin, stop), between(stop, end), line, false};
  part.line += lines_in(part.before);
  if (trimmed(without_mark(part.body)).starts_with('{')) {
    std::vector<ManifestPart> values = json_parts(part);
    if (!values.empty()) {
      values.back().after = between(values.back().body.data() + values.back().body.size(), end);
      parts.insert(parts.end(), values.begin(), values.end());
      return;
    }
  }
  parts.push_back(part);
}

bool is_word(std::string_view text) {
  const auto is_inner = [&](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_inner);
}

struct Entry {
  std::string_view key;
  std::string_view value;
};

// "key: value" of plain words, the value perhaps empty, or of something that is not looked at.
std::optional<Entry> entry_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !is_word(line.substr(0, colon))) return std::nullopt;
  const std::string_view rest = line.substr(colon + 1);
  if (!rest.empty() && kBlanks.find(rest.front()) == kBlanks.npos) return std::nullopt;
  std::string_view value = trimmed(rest);
  if (const std::size_t comment = value.find(" #"); comment != value.npos) value = trimmed(value.substr(0, comment));
  if (value.starts_with('#')) value = {};
  return Entry{line.substr(0, colon), value};
}

// A document's `metadata` in block style, as its lines go by.
class MetadataName {
 public:
  void begin(std::string_view value) {
    is_open_ = value.empty();
    indent_ = 0;
  }
  void end() { is_open_ = false; }
  void look_at(std::string_view line) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (!is_open_ || line[indent] == '#') return;
    if (indent_ == 0) indent_ = indent;
    const auto entry = indent == indent_ ? entry_of(line.substr(indent)) : std::nullopt;
    if (!entry || entry->key != "name") return;
    name_ = entry->value;
    ++names_;
  }
  // Once, and a word: what else there is, is for a reader of YAML.
  std::optional<std::string_view> found() const {
    return names_ == 1 && is_word(name_) ? std::optional(name_) : std::nullopt;
  }

 private:
  bool is_open_ = false;
  std::size_t indent_ = 0;
  std::size_t names_ = 0;
  std::string_view name_;
};

}  // namespace

std::vector<ManifestPart> split_manifest(std::string_view text) {
  std::vector<ManifestPart> parts;
  const char* begin = text.data();
  std::size_t begin_line = 1;
  std::size_t line_number = 1;
  bool has_begun = false;  // a marker or something of the document has been seen
  const auto cut = [&](const char* at) {
    if (at != begin) add_part(between(begin, at), begin_line, parts);
    begin = at;
    begin_line = line_number;
    has_begun = false;
  };
  for (std::string_view rest = text; !rest.empty(); ++line_number) {
    const char* const start = rest.data();
    const std::string_view line = without_mark(take_line(rest));
    const bool opens = is_marker(line, "---");
    if (opens && has_begun) cut(start);
    has_begun = has_begun || opens || !is_between(line);
    if (is_marker(line, "...")) {
      ++line_number;
      cut(rest.empty() ? text.data() + text.size() : rest.data());
      --line_number;
    }
  }
  cut(text.data() + text.size());
  return parts;
}

bool has_clear_lines(std::string_view document) {
  for (std::size_t at = document.find('\r'); at != document.npos; at = document.find('\r', at + 1)) {
    if (document.substr(at + 1, 1) != "\n") return false;
  }
  constexpr std::string_view kBreaks[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  return std::none_of(std::begin(kBreaks), std::end(kBreaks),
                      [&](std::string_view b) { return document.find(b) != document.npos; });
}

std::optional<PlainObject> plain_object(std::string_view document) {
  PlainObject object;
  std::size_t kinds = 0;
  bool has_begun = false;
  MetadataName name;
  for (std::string_view rest = document; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (is_blank(line) || line.starts_with('#')) continue;
    if (line.starts_with(' ')) {
      if (!has_begun) return std::nullopt;  // the first column of such a document is another
      name.look_at(line);
      continue;
    }
    name.end();
    if (has_begun && line.starts_with("- ")) continue;
    const auto entry = entry_of(line);
    if (!entry) return std::nullopt;
    has_begun = true;
    if (entry->key == "metadata") name.begin(entry->value);
    if (entry->key != "kind") continue;
    object.kind = entry->value;
    ++kinds;
  }
  const auto found = name.found();
  if (kinds != 1 || !is_word(object.kind) || !found) return std::nullopt;
  object.name = *found;
  return object;
}

}  // namespace initscan::injector
