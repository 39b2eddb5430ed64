#include "initscan/advisory/feed/reason_counts.h"

#include <iterator>

namespace initscan {

void count_reason(ReasonCounts& reasons, const std::string& reason, std::uint64_t times) {
  constexpr std::size_t kMaxNamed = 100;
  const std::string others = "other reasons";
  reasons[reason] += times;
  if (reasons.size() - reasons.count(others) <= kMaxNamed) return;
  auto last = std::prev(reasons.end());
  if (last->first == others) --last;
  const std::uint64_t displaced = last->second;
  reasons.erase(last);
  reasons[others] += displaced;
}

}  // namespace initscan
