#include "initscan/fetch/fetch_line.h"

#include "common/text/ascii.h"
#include "common/text/whole_number.h"
#include "common/text/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace initscan {
namespace {

using Kind = FetchLine::Kind;

constexpr std::size_t kMaxName = 128;
constexpr std::array<std::pair<Kind, std::string_view>, 4> kKinds{{{Kind::progress, "progress"},
                                                                   {Kind::fetched, "fetched"},
                                                                   {Kind::unchanged, "unchanged"},
                                                                   {Kind::failed, "failed"}}};

}  // namespace

bool is_fetch_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && text.front() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string write_line(const FetchLine& line) {
  std::string text;
  for (const auto& [kind, word] : kKinds) {
    if (kind == line.kind) text = word;
  }
  text += ' ' + line.name;
  if (line.kind == Kind::progress) text += ' ' + std::to_string(line.bytes) + ' ' + std::to_string(line.total);
  if (line.kind == Kind::failed) text += ' ' + line.words;
  return text;
}

std::optional<FetchLine> read_line(std::string_view text) {
  FetchLine line;
  const std::string_view word = take_word(text);
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& known) { return known.second == word; });
  line.name = take_word(text);
  if (kind == kKinds.end() || !is_fetch_name(line.name)) return std::nullopt;
  line.kind = kind->first;
  if (line.kind == Kind::failed) {
    line.words = text;
  } else if (line.kind == Kind::progress) {
    const auto bytes = whole_number<std::uint64_t>(take_word(text));
    const auto total = whole_number<std::uint64_t>(take_word(text));
    if (!bytes || !total) return std::nullopt;
    line.bytes = *bytes;
    line.total = *total;
  }
  return line;
}

}  // namespace initscan
