#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

// One document of a manifest, unchanged: all parts, one after the other, are the manifest, byte for byte.
struct ManifestPart {
  std::string_view before;  // marker, comments, directives, white space
  std::string_view body;    // the document; "" of a part that has none
  std::string_view after;   // comments, "..." and white space after it
  std::size_t line = 1;     // of the body
  bool is_json = false;     // one value, as far as its brackets say; the rest is for its reader to find
};

/// Cuts a manifest where YAML's documents begin ("---" in the first column, which no scalar may have) and end
/// ("..."), and between the JSON values of a document that begins with a brace. Nothing is parsed.
std::vector<ManifestPart> split_manifest(std::string_view text);

// What a document is about, as far as it can be seen without reading it.
struct PlainObject {
  std::string_view kind;
  std::string_view name;
};

/// Whether every reader of YAML sees the same lines: YAML 1.1 also ends one at a lone carriage return and at three
/// characters of Unicode, and what is a scalar to one reader is a key to the other.
bool has_clear_lines(std::string_view document);

/// The kind and name of a document in YAML's block style whose first column has nothing but plain keys and items of
/// lists, and `kind` once, followed by a plain word. Anything else gives nullopt: it must be parsed. Of a
/// document with clear lines, what is found is what a reader of YAML finds.
std::optional<PlainObject> plain_object(std::string_view document);

}  // namespace initscan::injector
