#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>

namespace initscan {

// What all bodies of one size may hold together, while they come and while they are answered. What counts is what has
// arrived, not what was announced. When there is no room, whoever has sent slowest gives up: of those addresses that
// hold more than their part, where there are any. An address's part is a floor for it, and no cap: behind a proxy all
// may be one. From any thread.
class BodyBudget {
 public:
  using Clock = std::chrono::steady_clock;

  // One body.
  struct Holder {
    std::string address;
    Clock::time_point since;        // its first byte
    std::function<void()> give_up;  // called at most once, from any thread, while the budget is locked
    std::size_t received = 0;       // as all below: under the budget's lock
    std::size_t held = 0;
    bool may_give_up = true;  // it still comes
    bool is_leaving = false;  // it gave up, and is not gone yet
  };
  using Place = std::list<Holder>::iterator;

  explicit BodyBudget(std::size_t bytes) : bytes_(bytes) {}

  Place enter(Holder holder);
  void leave(Place place);

  /// Lets it hold `bytes` in all, of which it has `received` so many. False: it is the one to give up.
  bool hold(Place place, std::size_t bytes, std::size_t received, Clock::time_point now);

  /// It has come as a whole, and will be answered.
  void complete(Place place);

 private:
  Place slowest(Place asking, Clock::time_point now);
  bool make_room(Place asking, std::size_t more, Clock::time_point now);

  const std::size_t bytes_;
  std::mutex mutex_;
  std::list<Holder> holders_;  // under mutex, as all below
  std::size_t held_ = 0;
  std::size_t leaving_ = 0;  // by those who are leaving; not in held_
};

// The two budgets of a server: small bodies are not kept waiting by large ones.
struct BodyBudgets {
  BodyBudget small;
  BodyBudget large;
};

// A body's place in them, given back at its end. On one thread at a time.
class BodyShare {
 public:
  BodyShare(BodyBudgets& budgets, BodyBudget::Holder holder);
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare();

  /// Lets the body hold `bytes`; false: give up.
  bool hold(std::size_t bytes, std::size_t received);
  void complete() { budget_->complete(place_); }

 private:
  BodyBudgets& budgets_;
  BodyBudget* budget_;
  BodyBudget::Place place_;
};

// Bodies up to this size count as small.
inline constexpr std::size_t kSmallBody = 64 << 10;

}  // namespace initscan
