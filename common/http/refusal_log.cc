#include "common/http/refusal_log.h"

#include "common/text/visible.h"

namespace initscan {
namespace {

constexpr std::chrono::seconds kBetween{10};

}  // namespace

void RefusalLog::take(const Refusal& refusal, Clock::time_point now) {
  take(to_string(refusal.reason), refusal.address, {}, now);
}

void RefusalLog::take(std::string_view reason, const std::string& address, std::string_view client,
                      Clock::time_point now) {
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    const auto [place, is_first] = last_.try_emplace(std::string(reason));
    Last& last = place->second;
    if (!is_first && now - last.said < kBetween) {
      ++last.unsaid;
      return;
    }
    line = "refused reason=" + std::string(reason) + " address=" + address;
    if (!client.empty()) line += " client=" + visible(client);
    if (last.unsaid > 0) line += " unsaid=" + std::to_string(last.unsaid);
    last = {now, 0};
  }
  say_(line);
}

}  // namespace initscan
