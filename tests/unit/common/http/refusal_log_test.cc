#include "common/http/refusal_log.h"

#include <vector>

namespace initscan {
namespace {

using namespace std::chrono_literals;

TEST(RefusalLog, SaysEachReasonOnceInTenSeconds) {
  std::vector<std::string> lines;
  RefusalLog log([&](const std::string& line) { lines.push_back(line); });
  const auto start = RefusalLog::Clock::now();
  for (int i = 0; i < 1000; ++i) log.take({RefusalReason::evicted, "10.0.0.1"}, start + i * 1ms);
  log.take({RefusalReason::timeout, "10.0.0.2"}, start + 1s);
  log.take({RefusalReason::evicted, "10.0.0.3"}, start + 10s);
  log.take("forbidden", "10.0.0.4", "a\nb", start + 10s);
  EXPECT_EQ(lines, (std::vector<std::string>{"refused reason=evicted address=10.0.0.1",
                                             "refused reason=timeout address=10.0.0.2",
                                             "refused reason=evicted address=10.0.0.3 unsaid=999",
                                             "refused reason=forbidden address=10.0.0.4 client=a\\u{a}b"}));
}

}  // namespace
}  // namespace initscan
