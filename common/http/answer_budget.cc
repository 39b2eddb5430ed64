#include "common/http/answer_budget.h"

#include <algorithm>
#include <map>
#include <string_view>
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
  std::map<std::string_view, std::size_t> by_address;
  for (const Holder& holder : holders_) by_address[holder.address] += holder.bytes;
  const std::size_t part = bytes_ / std::max<std::size_t>(by_address.size(), 1);
  auto chosen = holders_.end();
  std::pair<bool, double> least;  // whether its address keeps to its part; how fast it is
  for (auto holder = holders_.begin(); holder != holders_.end(); ++holder) {
    if (holder->is_leaving || now - holder->since < kYoung) continue;
    const std::pair its(by_address[holder->address] <= part, speed_of(*holder, now));
    if (chosen != holders_.end() && its >= least) continue;
    chosen = holder;
    least = its;
  }
  return chosen;
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
