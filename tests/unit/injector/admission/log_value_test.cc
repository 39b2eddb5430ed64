#include "injector/admission/log_value.h"

#include "injector/admission/refusal_log.h"

#include <vector>

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using namespace std::chrono_literals;

TEST(LogValue, IsOneWordOrInQuotationMarks) {
  EXPECT_EQ(log_value("shop"), "shop");
  EXPECT_EQ(log_value("system:serviceaccount:shop/a.b_c-1@x"), "system:serviceaccount:shop/a.b_c-1@x");
  EXPECT_EQ(log_value("eve decision=allowed"), "\"eve decision=allowed\"");
  EXPECT_EQ(log_value("a\" forged=\"yes"), "\"a\\\" forged=\\\"yes\"");
  const std::string line = log_value("a\nlevel=info \x1b[31m\xff");
  EXPECT_EQ(line.find_first_of("\n\x1b\xff"), line.npos) << line;
}

TEST(RefusalLog, SaysEachReasonOnceInTenSeconds) {
  std::vector<std::string> lines;
  RefusalLog log([&](const std::string& line) { lines.push_back(line); });
  const auto start = RefusalLog::Clock::now();
  for (int i = 0; i < 1000; ++i) log.take({RefusalReason::evicted, "10.0.0.1"}, start + i * 1ms);
  log.take({RefusalReason::timeout, "10.0.0.2"}, start + 1s);
  log.take({RefusalReason::evicted, "10.0.0.3"}, start + 10s);
  EXPECT_EQ(lines, (std::vector<std::string>{"refused reason=evicted address=10.0.0.1",
                                             "refused reason=timeout address=10.0.0.2",
                                             "refused reason=evicted address=10.0.0.3 unsaid=999"}));
}

}  // namespace
}  // namespace initscan::injector
