#include "injector/cluster/events.h"

#include <utility>

namespace initscan {

void EventQueue::push(PodEvent event) {
  const std::lock_guard lock(mutex_);
  if (events_.size() >= kMaxQueuedEvents) {
    ++dropped_;
    return;
  }
  events_.push_back(std::move(event));
}

std::deque<PodEvent> EventQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

std::uint64_t EventQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace initscan
