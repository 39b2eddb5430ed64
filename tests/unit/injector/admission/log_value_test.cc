#include "injector/admission/log_value.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

TEST(LogValue, IsOneWordOrInQuotationMarks) {
  EXPECT_EQ(log_value("shop"), "shop");
  EXPECT_EQ(log_value("system:serviceaccount:shop/a.b_c-1@x"), "system:serviceaccount:shop/a.b_c-1@x");
  EXPECT_EQ(log_value("eve decision=allowed"), "\"eve decision=allowed\"");
  EXPECT_EQ(log_value("a\" forged=\"yes"), "\"a\\\" forged=\\\"yes\"");
  const std::string line = log_value("a\nlevel=info \x1b[31m\xff");
  EXPECT_EQ(line.find_first_of("\n\x1b\xff"), line.npos) << line;
}

}  // namespace
}  // namespace initscan::injector
