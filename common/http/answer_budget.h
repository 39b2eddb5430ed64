#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>

namespace initscan {

// Answers up to this size are not counted: there are no more of them than connections.
inline constexpr std::size_t kSmallAnswer = 16 << 10;

// What all large answers may hold together while their clients take them. When there is no room, whoever takes its own
// slowest is given up: of those addresses that hold more than their part, where there are any. From any thread.
class AnswerBudget {
 public:
  using Clock = std::chrono::steady_clock;

  // One answer.
  struct Holder {
    std::string address;
    std::size_t bytes = 0;
    Clock::time_point since;        // it was ready
    std::function<void()> give_up;  // called at most once, from any thread, while the budget is locked
    std::size_t taken = 0;          // as all below: under the budget's lock
    bool is_leaving = false;        // it gave up, and is not gone yet
  };
  using Place = std::list<Holder>::iterator;

  explicit AnswerBudget(std::size_t bytes) : bytes_(bytes) {}

  // An answer's part of it, given back at its end. On one thread at a time.
  class Share {
   public:
    Share(AnswerBudget& budget, Holder holder);
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share();

    /// False: there was no room.
    bool is_held() const { return is_held_; }

    /// How much of it its client has taken.
    void note_taken(std::size_t bytes);

   private:
    AnswerBudget& budget_;
    Place place_;
    bool is_held_;
  };

 private:
  bool enter(Holder holder, Place& place);
  void leave(Place place);
  bool make_room(std::size_t more, Clock::time_point now);
  Place slowest(Clock::time_point now);

  const std::size_t bytes_;
  std::mutex mutex_;
  std::list<Holder> holders_;  // under mutex_, as all below
  std::size_t held_ = 0;
  std::size_t leaving_ = 0;  // by those who are leaving; not in held_
};

}  // namespace initscan
