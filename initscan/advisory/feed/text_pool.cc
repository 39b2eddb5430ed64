#include "initscan/advisory/feed/text_pool.h"

#include <cstring>
#include <functional>

namespace initscan {
namespace {

// A text is its mark, its length and its bytes.
constexpr std::size_t kHeadBytes = 2 * sizeof(std::uint32_t);
constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::size_t kMaxChunks = (std::size_t{1} << 32) / kChunkBytes;
constexpr std::size_t kFirstTableSize = 1024;

std::uint32_t number_at(const char* place) {
  std::uint32_t number = 0;
  std::memcpy(&number, place, sizeof number);
  return number;
}

}  // namespace

TextPool::TextPool() : table_(kFirstTableSize) {
  append({});  // the number 0
}

char* TextPool::place(TextNumber number) const {
  return chunks_[number / kChunkBytes] + number % kChunkBytes;
}

std::string_view TextPool::operator[](TextNumber number) const {
  const char* const text = place(number);
  return {text + kHeadBytes, number_at(text + sizeof(std::uint32_t))};
}

// Texts are at multiples of four.
std::uint32_t& TextPool::mark(TextNumber number) {
  return *reinterpret_cast<std::uint32_t*>(place(number));
}

std::uint32_t TextPool::mark(TextNumber number) const {
  return number_at(place(number));
}

TextNumber TextPool::append(std::string_view text) {
  constexpr std::size_t kAlignment = sizeof(std::uint32_t);
  const std::size_t bytes = (kHeadBytes + text.size() + kAlignment - 1) / kAlignment * kAlignment;
  if (chunks_.empty() || used_ + bytes > kChunkBytes) {
    // A text of more than a chunk gets several, which lie side by side.
    const std::size_t count = (bytes + kChunkBytes - 1) / kChunkBytes;
    if (chunks_.size() + count > kMaxChunks) {
      is_full_ = true;
      return 0;
    }
    owned_.push_back(std::make_unique_for_overwrite<char[]>(count * kChunkBytes));
    for (std::size_t i = 0; i < count; ++i) chunks_.push_back(owned_.back().get() + i * kChunkBytes);
    used_ = 0;
    if (count > 1) {
      const auto first = chunks_.size() - count;
      used_ = kChunkBytes;
      return write(first * kChunkBytes, text);
    }
  }
  const std::size_t at = (chunks_.size() - 1) * kChunkBytes + used_;
  used_ += bytes;
  return write(at, text);
}

TextNumber TextPool::write(std::size_t at, std::string_view text) {
  const auto number = static_cast<TextNumber>(at);
  char* const head = place(number);
  const std::uint32_t mark = 0;
  const auto length = static_cast<std::uint32_t>(text.size());
  std::memcpy(head, &mark, sizeof mark);
  std::memcpy(head + sizeof mark, &length, sizeof length);
  if (!text.empty()) std::memcpy(head + kHeadBytes, text.data(), text.size());
  return number;
}

TextNumber TextPool::add(std::string_view text) {
  if (text.empty()) return 0;
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(text) & mask;
  for (; table_[slot] != 0; slot = (slot + 1) & mask) {
    if ((*this)[table_[slot]] == text) return table_[slot];
  }
  const TextNumber number = append(text);
  if (number == 0) return 0;
  table_[slot] = number;
  if (++texts_ * 4 > table_.size() * 3) grow();
  return number;
}

void TextPool::grow() {
  std::vector<TextNumber> larger(table_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const TextNumber number : table_) {
    if (number == 0) continue;
    std::size_t slot = std::hash<std::string_view>()((*this)[number]) & mask;
    while (larger[slot] != 0) slot = (slot + 1) & mask;
    larger[slot] = number;
  }
  table_ = std::move(larger);
}

}  // namespace initscan
