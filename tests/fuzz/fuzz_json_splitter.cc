// However the input is cut, the same pieces come out; and what JSON starts with is JSON.
#include "common/json/beginning.h"
#include "common/json/parse.h"
#include "common/json/splitter.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

std::vector<std::string> split(std::string_view input, std::size_t step) {
  std::vector<std::string> pieces;
  initscan::JsonSplitter splitter([&](const initscan::JsonPiece& piece) {
    if (piece.bytes != piece.json.size()) std::abort();
    pieces.push_back(std::to_string(piece.document) + '.' + std::to_string(piece.item) + ' ' + std::string(piece.json));
  });
  for (std::size_t at = 0; at < input.size(); at += step) {
    if (auto fed = splitter.feed(input.substr(at, step)); !fed) {
      pieces.push_back(fed.error().text);
      return pieces;
    }
  }
  if (auto done = splitter.finish(); !done) pieces.push_back(done.error().text);
  return pieces;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto whole = split(input, size + 1);
  if (split(input, 1) != whole || split(input, 7) != whole) std::abort();
  const bool is_tree = input.starts_with('{') && !initscan::json_or_null(input).is_null();
  for (const std::size_t most : {size / 3, size / 2, size}) {
    const std::string beginning = initscan::json_beginning(input, most);
    if (is_tree && most > 0 && initscan::json_or_null(beginning).is_null()) std::abort();
  }
  return 0;
}
