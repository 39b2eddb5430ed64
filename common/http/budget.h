#pragma once

#include <atomic>
#include <cstddef>

namespace initscan {

// What all connections together may hold. From any thread.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t bytes) : left_(bytes) {}

  /// Whether there is as much left; then it is taken.
  bool take(std::size_t bytes) {
    std::size_t left = left_.load();
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes)) return true;
    }
    return false;
  }

  void give(std::size_t bytes) { left_ += bytes; }

 private:
  std::atomic<std::size_t> left_;
};

// A share of a budget, given back at its end.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(budget) {}
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;
  ~BudgetShare() { budget_.give(bytes_); }

  bool take(std::size_t bytes) {
    if (!budget_.take(bytes)) return false;
    bytes_ += bytes;
    return true;
  }

 private:
  ByteBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace initscan
