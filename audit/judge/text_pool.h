#pragma once

#include "audit/model/text.h"

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace initscan::audit {

// Gives equal texts the same storage. Texts that are no longer used are removed from time to time, so that it
// grows with what is kept and not with what has passed by.
class TextPool {
 public:
  Text keep(std::string_view text);

  /// The same for a text, and for texts, that are kept already.
  void share(Text& text) { text = keep(text); }
  void share(std::vector<Text>& texts);

  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Same {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  };

  std::unordered_set<Text, Hash, Same> texts_;
  std::size_t look_through_at_ = 4096;
};

}  // namespace initscan::audit
