#include "audit/judge/text_pool.h"

#include <algorithm>

namespace initscan::audit {

Text TextPool::keep(std::string_view text) {
  if (text.empty()) return {};
  if (const auto known = texts_.find(text); known != texts_.end()) return *known;
  if (texts_.size() >= look_through_at_) {
    std::erase_if(texts_, [](const Text& kept) { return kept.is_alone(); });
    look_through_at_ = std::max(look_through_at_, 2 * texts_.size());
  }
  return *texts_.emplace(text).first;
}

void TextPool::share(std::vector<Text>& texts) {
  for (Text& text : texts) share(text);
  texts.shrink_to_fit();
}

}  // namespace initscan::audit
