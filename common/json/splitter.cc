#include "common/json/splitter.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_space(char c) {
  return kSpace.find(c) != kSpace.npos;
}

// Whether a byte outside strings changes the state.
constexpr std::array<bool, 256> structural_bytes() {
  std::array<bool, 256> table{};
  for (const char c : {'"', '{', '}', '[', ']', ':', ','}) table[static_cast<unsigned char>(c)] = true;
  return table;
}

// The bytes of `text` before the next that matters: loops over single bytes, because runs are short.
std::size_t plain_run(std::string_view text) {
  static constexpr std::array<bool, 256> kStructural = structural_bytes();
  std::size_t end = 0;
  while (end < text.size() && !kStructural[static_cast<unsigned char>(text[end])]) ++end;
  return end;
}

std::size_t string_run(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != '"' && text[end] != '\\') ++end;
  return end;
}

std::string printable(char c) {
  return c > ' ' && c < 0x7f ? std::string(1, c) : "byte " + std::to_string(static_cast<unsigned char>(c));
}

}  // namespace

void JsonSplitter::Buffer::append(std::string_view more, std::size_t most) {
  bytes += more.size();
  if (bytes > most) more = more.substr(0, most - std::min(most, text.size()));
  text.append(more);
}

void JsonSplitter::Buffer::clear() {
  // One large value must not keep its memory for all the small ones after it.
  constexpr std::size_t kUsual = 256 << 10;
  text.clear();
  if (text.capacity() > kUsual) text.shrink_to_fit();
  bytes = 0;
}

JsonSplitter::JsonSplitter(Visit visit, JsonLists lists) : visit_(std::move(visit)), lists_(std::move(lists)) {
  for (const std::string_view key : lists_.keys) longest_key_ = std::max(longest_key_, key.size());
}

Result<void> JsonSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t taken = 1;
    if (in_string_) {
      taken = take_string(bytes);
    } else if (depth_ == 0) {
      if (auto started = start_document(bytes.front()); !started) return started;
    } else if (const std::size_t run = plain_run(bytes); run > 0) {
      take_plain(bytes.substr(0, run));
      taken = run;
    } else {
      take(bytes.front());
    }
    offset_ += taken;
    bytes.remove_prefix(taken);
  }
  return {};
}

Result<void> JsonSplitter::finish() const {
  if (depth_ == 0) return {};
  return Error{Errc::truncated, "ends inside the object that starts at byte " + std::to_string(document_start_)};
}

Result<void> JsonSplitter::start_document(char c) {
  if (is_space(c)) return {};
  if (c != '{' && c != '[') {
    return Error{Errc::malformed,
                 "want an object or a list, got " + printable(c) + " at byte " + std::to_string(offset_)};
  }
  document_start_ = offset_;
  ++documents_;
  items_ = 0;
  depth_ = 1;
  in_items_ = c == '[';
  items_depth_ = 1;
  may_be_key_ = true;
  list_ = {};
  key_.clear();
  document_.append({&c, 1}, lists_.max_item_bytes);
  return {};
}

void JsonSplitter::take_plain(std::string_view run) {
  // What is between items belongs to none of them.
  if (in_items_ && item_.bytes == 0) run.remove_prefix(std::min(run.find_first_not_of(kSpace), run.size()));
  keep(run);
}

// A byte outside strings, inside a document, that changes the state.
void JsonSplitter::take(char c) {
  if (in_items_ && depth_ == items_depth_ && (c == ',' || c == ']')) {
    end_item();
    if (c == ',') return;
    in_items_ = false;
  }
  const bool starts_items = depth_ == 1 && c == '[' && !list_.empty() && !in_items_;
  keep({&c, 1});
  switch (c) {
    case '"':
      in_string_ = true;
      key_.clear();
      break;
    case '{':
    case '[': ++depth_; break;
    case '}':
    case ']': --depth_; break;
    case ':': may_be_key_ = may_be_key_ && depth_ != 1; break;
    case ',':
      if (depth_ == 1) may_be_key_ = true;
      if (depth_ == 1) list_ = {};
      break;
    default: break;
  }
  if (starts_items) {
    in_items_ = true;
    items_ = 0;
    items_depth_ = depth_;
  }
  // Brackets that do not match: the item is invalid, and its reader will say so.
  if (in_items_ && depth_ < items_depth_) {
    end_item();
    in_items_ = false;
  }
  if (depth_ == 0) end_document();
}

// The bytes of a string up to its end; runs of plain bytes are taken at once.
std::size_t JsonSplitter::take_string(std::string_view bytes) {
  std::size_t taken = 0;
  if (is_escaped_) {
    is_escaped_ = false;
    taken = 1;
  } else {
    taken = string_run(bytes);
    if (taken == 0) {
      is_escaped_ = bytes.front() == '\\';
      in_string_ = is_escaped_;
      taken = 1;
    }
  }
  const std::string_view part = bytes.substr(0, taken);
  keep(part);
  if (depth_ != 1 || !may_be_key_ || in_items_) return taken;
  if (in_string_) {
    if (key_.size() <= longest_key_) key_.append(part.substr(0, longest_key_ + 1));
  } else {
    const auto known = std::find(lists_.keys.begin(), lists_.keys.end(), key_);
    list_ = known == lists_.keys.end() ? std::string_view() : *known;
  }
  return taken;
}

void JsonSplitter::end_item() {
  if (item_.bytes > 0) hand_on(item_, ++items_);
  item_.clear();
}

void JsonSplitter::end_document() {
  hand_on(document_, 0);
  document_.clear();
}

void JsonSplitter::hand_on(const Buffer& buffer, std::size_t item) const {
  visit_({buffer.text, documents_, item > 0 ? list_ : std::string_view(), item, buffer.bytes,
          buffer.bytes > lists_.max_item_bytes});
}

}  // namespace initscan
