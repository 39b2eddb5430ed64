#include "common/http/answer_budget.h"

#include "common/http/slowest.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

// Before that nothing can be said of how fast somebody is.
constexpr std::chrono::milliseconds kYoung{250};

double speed_of(const AnswerBudget::Holder& holder, AnswerBudget::Clock::time_point now) {
  return static_cast<double>(holder.taken) / std::chrono::duration<double>(now - holder.since).count();
}

}  // namespace

AnswerBudget::Place AnswerBudget::slowest(Clock::time_point now) {
  const auto may_go = [&](Place holder) { return !holder->is_leaving && now - holder->since >= kYoung; };
  return slowest_of(holders_, bytes_, &Holder::bytes, may_go,
                    [&](const Holder& holder) { return speed_of(holder, now); });
}

bool AnswerBudget::make_room(std::size_t more, Clock::time_point now) {
  while (held_ + more > bytes_) {
    const auto chosen = slowest(now);
    if (chosen == holders_.end()) return false;
    // What they hold is still there for a moment: there may not be much of that.
    if (leaving_ > 0 && leaving_ + chosen->bytes > bytes_ / 2) return false;
    chosen->is_leaving = true;
    held_ -= chosen->bytes;
    leaving_ += chosen->bytes;
    chosen->give_up();
  }
  return true;
}

bool AnswerBudget::enter(Holder holder, Place& place) {
  const std::lock_guard lock(mutex_);
  // One that is larger than all together may be is there by itself.
  holder.bytes = std::min(holder.bytes, bytes_);
  if (!make_room(holder.bytes, holder.since)) return false;
  held_ += holder.bytes;
  place = holders_.insert(holders_.end(), std::move(holder));
  return true;
}

void AnswerBudget::leave(Place place) {
  const std::lock_guard lock(mutex_);
  (place->is_leaving ? leaving_ : held_) -= place->bytes;
  holders_.erase(place);
}

AnswerBudget::Share::Share(AnswerBudget& budget, Holder holder)
    : budget_(budget), is_held_(budget.enter(std::move(holder), place_)) {}

AnswerBudget::Share::~Share() {
  if (is_held_) budget_.leave(place_);
}

void AnswerBudget::Share::note_taken(std::size_t bytes) {
  const std::lock_guard lock(budget_.mutex_);
  place_->taken = bytes;
}

}  // namespace initscan
