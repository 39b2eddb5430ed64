#pragma once

#include "common/config/node.h"
#include "common/result.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

// A mapping whose keys are known beforehand: an unknown key, a repeated one and a value of another kind are errors. The
// first error stays; later calls do nothing.
class StrictMapping {
 public:
  /// `name`: of the mapping, for people: "spec", "an ignore entry". `node` outlives this.
  StrictMapping(const ConfigNode& node, std::string name, std::initializer_list<std::string_view> known)
      : StrictMapping(node, std::move(name), std::span(known.begin(), known.size())) {}
  StrictMapping(const ConfigNode& node, std::string name, std::span<const std::string_view> known);
  StrictMapping(ConfigNode&& node, std::string name, std::initializer_list<std::string_view> known) = delete;
  StrictMapping(ConfigNode&& node, std::string name, std::span<const std::string_view> known) = delete;

  const std::optional<Error>& error() const { return error_; }

  /// nullptr where there is none.
  const ConfigNode* at_key(std::string_view key) const { return node_.find(key); }

  /// The words of a scalar: who writes `id: 7` means a text.
  std::string required(const std::string& key);
  std::string optional(const std::string& key);

  void boolean(const std::string& key, bool& out);

  /// A whole number from `least` to `most`.
  void number(const std::string& key, std::int64_t least, std::int64_t most, std::int64_t& out);

  /// A number from 0 to 1.
  void share(const std::string& key, std::optional<double>& out);

  /// A list; nullptr where there is none, or an error.
  const ConfigNode* list(const std::string& key, std::size_t most);

  /// A list of words, at most `most` of them.
  void words(const std::string& key, std::size_t most, std::vector<std::string>& out);

  /// One of several words; `out` keeps its value where the key is not there.
  template <class T>
  void choose(const std::string& key, T& out, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = optional(key);
    if (error_ || at_key(key) == nullptr) return;
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

  /// Notes that the value of a key is wrong; of the mapping itself where there is no such key.
  void fail_at(std::string_view key, std::string text, Errc code = Errc::malformed);

 private:
  void check_keys(std::span<const std::string_view> known);
  std::string word(const ConfigNode& value, const std::string& key);
  void fail(const ConfigPlace& place, std::string text, Errc code = Errc::malformed);

  const ConfigNode& node_;
  std::string name_;
  std::optional<Error> error_;
};

}  // namespace initscan
