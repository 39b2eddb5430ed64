#include "injector/cluster/events.h"

#include <utility>

namespace initscan::injector {

void HintQueue::push(PodHint hint) {
  std::string key = hint.namespace_ + '/' + hint.pod;
  const std::lock_guard lock(mutex_);
  if (hints_.contains(key)) return;
  if (hints_.size() >= kMaxQueuedHints) {
    ++dropped_;
    return;
  }
  std::size_t& count = by_namespace_[hint.namespace_];
  if (count >= kMaxHintsOfNamespace) {
    ++dropped_;
    return;
  }
  ++count;
  hints_.emplace(std::move(key), std::move(hint));
}

std::vector<PodHint> HintQueue::take() {
  const std::lock_guard lock(mutex_);
  std::vector<PodHint> taken;
  for (auto& [key, hint] : hints_) taken.push_back(std::move(hint));
  hints_.clear();
  by_namespace_.clear();
  return taken;
}

std::uint64_t HintQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace initscan::injector
