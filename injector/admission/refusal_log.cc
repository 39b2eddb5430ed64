#include "injector/admission/refusal_log.h"

namespace initscan::injector {
namespace {

constexpr std::chrono::seconds kBetween{10};

}  // namespace

void RefusalLog::take(const Refusal& refusal, Clock::time_point now) {
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    const auto [place, is_first] = last_.try_emplace(refusal.reason);
    Last& last = place->second;
    if (!is_first && now - last.said < kBetween) {
      ++last.unsaid;
      return;
    }
    line = "refused reason=" + std::string(to_string(refusal.reason)) + " address=" + refusal.address;
    if (last.unsaid > 0) line += " unsaid=" + std::to_string(last.unsaid);
    last = {now, 0};
  }
  say_(line);
}

}  // namespace initscan::injector
