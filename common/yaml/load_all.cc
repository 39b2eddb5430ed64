#include "common/yaml/load_all.h"

#include "common/text/utf8.h"

#include <charconv>
#include <cstdint>
#include <sstream>

#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

constexpr std::size_t kEscapeBytes = 6;  // "\uXXXX"

// Makes sure that each document starts after the previous one.
class Progress : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos == last_) throw YAML::ParserException(mark, "unexpected token");
    last_ = mark.pos;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int last_ = -1;  // position of the last document's first token
};

// What YAML takes for a character of a text (YAML 1.2, 5.1: no control characters).
bool is_printable(std::uint32_t code) {
  return (code >= 0x20 && code != 0x7f && (code < 0x80 || code >= 0xa0)) || code == '\t' || code == '\n' ||
         code == '\r' || code == 0x85;
}

// The half of a surrogate pair that is escaped at `at`, as in "\ud83d"; 0 if there is none.
std::uint32_t escaped_surrogate(std::string_view text, std::size_t at) {
  std::uint32_t code = 0;
  if (text.substr(at, 2) != "\\u" || text.size() - at < kEscapeBytes) return 0;
  const auto [end, error] = std::from_chars(&text[at] + 2, &text[at] + kEscapeBytes, code, 16);
  return error == std::errc() && end == &text[at] + kEscapeBytes && code >= 0xd800 && code < 0xe000 ? code : 0;
}

// JSON writes a character beyond U+FFFF as two escapes (RFC 8259, section 7), which YAML does not join: here each pair
// becomes the character itself, in the four bytes that it takes in UTF-8.
std::string with_joined_surrogates(std::string_view json) {
  std::string joined;
  for (std::size_t at = 0; at < json.size();) {
    const std::uint32_t high = escaped_surrogate(json, at);
    if (high != 0) {  // in JSON the other half follows
      const std::uint32_t low = escaped_surrogate(json, at + kEscapeBytes);
      const std::uint32_t code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
      joined += {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f)),
                 static_cast<char>(0x80 | (code >> 6 & 0x3f)), static_cast<char>(0x80 | (code & 0x3f))};
      at += 2 * kEscapeBytes;
      continue;
    }
    const std::size_t length = json[at] == '\\' ? 2 : 1;  // an escaped backslash begins no other escape
    joined += json.substr(at, length);
    at += length;
  }
  return joined;
}

bool may_hold_surrogates(std::string_view text) {
  return text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
}

}  // namespace

Result<void> check_text(std::string_view text) {
  std::size_t line = 1;
  while (!text.empty()) {
    const Utf8Character character = first_utf8_character(text);
    if (character.bytes == 0 || !is_printable(character.code)) {
      return Error{Errc::malformed, std::to_string(line) + ": not text in UTF-8"};
    }
    line += character.code == '\n';
    text.remove_prefix(character.bytes);
  }
  return {};
}

// Read twice: yaml-cpp keeps the builder of its nodes to itself.
std::vector<YAML::Node> load_all_yaml(std::string text) {
  if (may_hold_surrogates(text) && nlohmann::json::accept(text)) text = with_joined_surrogates(text);
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Progress progress;
  while (parser.HandleNextDocument(progress)) {}
  return YAML::LoadAll(text);
}

}  // namespace initscan
