#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace initscan {

// A text of a pool; 0 is "". Of one pool, equal texts have equal numbers.
using TextNumber = std::uint32_t;

// Texts, each once, side by side. A text costs some sixteen bytes besides its own, and its number four: a builder of
// millions of rows has no room for strings.
class TextPool {
 public:
  TextPool();

  /// Once the pool is full, all that is new gets the number 0.
  TextNumber add(std::string_view text);

  /// The same for what is seldom given twice: it is not looked for, and equal texts may get several numbers.
  TextNumber append(std::string_view text);

  /// Holds as long as the pool.
  std::string_view operator[](TextNumber number) const;

  /// A number that whoever made the pool keeps with a text; 0 at first.
  std::uint32_t& mark(TextNumber number);
  std::uint32_t mark(TextNumber number) const;

  /// Whether a text found no place: the pool holds 4 GiB at most.
  bool is_full() const { return is_full_; }

 private:
  char* place(TextNumber number) const;
  TextNumber write(std::size_t at, std::string_view text);
  void grow();

  std::vector<std::unique_ptr<char[]>> owned_;
  std::vector<char*> chunks_;      // by number / kChunkBytes
  std::size_t used_ = 0;           // bytes of the last chunk
  std::vector<TextNumber> table_;  // open addressing; 0: free
  std::size_t texts_ = 0;          // in the table
  bool is_full_ = false;
};

}  // namespace initscan
