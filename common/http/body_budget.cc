#include "common/http/body_budget.h"

#include "common/http/slowest.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

// Below this nothing can be said of how fast somebody is.
constexpr std::chrono::milliseconds kShortest{1};

double speed_of(const BodyBudget::Holder& holder, BodyBudget::Clock::time_point now) {
  const auto took = std::max<BodyBudget::Clock::duration>(now - holder.since, kShortest);
  return static_cast<double>(holder.received) / std::chrono::duration<double>(took).count();
}

}  // namespace

BodyBudget::Place BodyBudget::enter(Holder holder) {
  const std::lock_guard lock(mutex_);
  return holders_.insert(holders_.end(), std::move(holder));
}

void BodyBudget::leave(Place place) {
  const std::lock_guard lock(mutex_);
  (place->is_leaving ? leaving_ : held_) -= place->held;
  holders_.erase(place);
}

void BodyBudget::complete(Place place) {
  const std::lock_guard lock(mutex_);
  place->may_give_up = false;
}

bool BodyBudget::hold(Place place, std::size_t bytes, std::size_t received, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  place->received = received;
  if (bytes <= place->held) return true;
  const std::size_t more = bytes - place->held;
  if (!make_room(place, more, now)) return false;
  place->held += more;
  held_ += more;
  return true;
}

BodyBudget::Place BodyBudget::slowest(Place asking, Clock::time_point now) {
  const auto may_go = [&](Place holder) { return holder->may_give_up && (holder->held > 0 || holder == asking); };
  return slowest_of(holders_, bytes_, &Holder::held, may_go,
                    [&](const Holder& holder) { return speed_of(holder, now); });
}

bool BodyBudget::make_room(Place asking, std::size_t more, Clock::time_point now) {
  while (held_ + more > bytes_) {
    const auto chosen = slowest(asking, now);
    if (chosen == holders_.end() || chosen == asking) return false;
    // What they hold is still there for a moment: there may not be much of that.
    if (leaving_ > 0 && leaving_ + chosen->held > bytes_ / 2) return false;
    chosen->may_give_up = false;
    chosen->is_leaving = true;
    held_ -= chosen->held;
    leaving_ += chosen->held;
    chosen->give_up();
  }
  return true;
}

BodyShare::BodyShare(BodyBudgets& budgets, BodyBudget::Holder holder)
    : budgets_(budgets), budget_(&budgets.small), place_(budget_->enter(std::move(holder))) {}

BodyShare::~BodyShare() {
  budget_->leave(place_);
}

bool BodyShare::hold(std::size_t bytes, std::size_t received) {
  const auto now = BodyBudget::Clock::now();
  if (bytes > kSmallBody && budget_ == &budgets_.small) {
    const auto place = budgets_.large.enter({place_->address, place_->since, place_->give_up});
    budget_->leave(std::exchange(place_, place));
    budget_ = &budgets_.large;
  }
  return budget_->hold(place_, bytes, received, now);
}

}  // namespace initscan
