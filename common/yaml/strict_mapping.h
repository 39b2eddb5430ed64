#pragma once

#include "common/result.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/node/node.h>

namespace initscan {

/// malformed, with the line before the text: "7: unknown key ...".
Error at_mark(const YAML::Mark& mark, std::string text);

/// The one document of a text. Errors: malformed, with the line; `what` names what is missing, or given twice.
/// YAML::Node can be made of anything, so that it cannot be the value of a Result.
Result<void> load_one_document(std::string_view text, std::string_view what, YAML::Node& document);

// A mapping whose keys are known beforehand, for files that people write: an unknown key, a repeated one and a value of
// another form are errors. The first error stays; later calls do nothing.
class StrictMapping {
 public:
  /// `name`: of the mapping, for people: "spec", "an ignore entry".
  StrictMapping(const YAML::Node& node, std::string name, std::initializer_list<std::string_view> known)
      : StrictMapping(node, std::move(name), std::span(known.begin(), known.size())) {}
  StrictMapping(const YAML::Node& node, std::string name, std::span<const std::string_view> known);

  const std::optional<Error>& error() const { return error_; }

  YAML::Node at_key(const std::string& key) const { return node_[key]; }
  int line() const { return node_.Mark().line + 1; }

  std::string required(const std::string& key);
  std::string optional(const std::string& key);

  void boolean(const std::string& key, bool& out) { choose(key, out, {{"true", true}, {"false", false}}); }

  /// A whole number from `least` to `most`.
  void number(const std::string& key, std::int64_t least, std::int64_t most, std::int64_t& out);

  /// A list of words, at most `most` of them.
  void words(const std::string& key, std::size_t most, std::vector<std::string>& out);

  /// One of several words; `out` keeps its value where the key is not there.
  template <class T>
  void choose(const std::string& key, T& out, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = optional(key);
    if (error_ || !at_key(key)) return;
    std::string names;
    for (const auto& [name, value] : choices) {
      if (text == name) {
        out = value;
        return;
      }
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    fail_at(key, "unknown " + key + " \"" + text + "\"; want one of " + names);
  }

  /// Notes that the value of a key is wrong.
  void fail_at(const std::string& key, std::string text) { fail(at_key(key).Mark(), std::move(text)); }

 private:
  void check_keys(std::span<const std::string_view> known);
  std::string word(const YAML::Node& value, const std::string& key);
  void fail(const YAML::Mark& mark, std::string text);

  const YAML::Node node_;  // const: operator[] on a mutable node adds what it does not find
  std::string name_;
  std::optional<Error> error_;
};

}  // namespace initscan
