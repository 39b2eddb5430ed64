#include "initscan/model/scope_text.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(ScopeText, IsReadAsItWasWritten) {
  AdvisoryScope scope{
      {"cpe:/o:a:b:8", "cpe:/o:a:c:8"}, "Enterprise Server 15 SP4", "nodejs:18", "esm", {"x86_64", "noarch"}};
  const auto text = scope_text(scope);
  ASSERT_TRUE(text);
  const ScopeView all{"cpe:/o:a:b:8 cpe:/o:a:c:8", "Enterprise Server 15 SP4", "nodejs:18", "esm", "x86_64 noarch"};
  EXPECT_EQ(scope_in(*text), all);
  scope = {};
  EXPECT_EQ(scope_text(scope), "");
  EXPECT_EQ(scope_in(""), ScopeView{});
  scope.module = "nodejs:18";
  EXPECT_EQ(scope_in(scope_text(scope).value_or("none"))->module, "nodejs:18");
}

TEST(ScopeText, IsNoneWhereItCouldNotBeReadAgain) {
  for (const AdvisoryScope& scope : {AdvisoryScope{{"a b"}, "", "", "", {}}, AdvisoryScope{{""}, "", "", "", {}},
                                     AdvisoryScope{{}, "a\nb", "", "", {}}, AdvisoryScope{{}, "", "a\tb", "", {}},
                                     AdvisoryScope{{}, "", "", "", {"x86_64 noarch"}}}) {
    EXPECT_EQ(scope_text(scope), std::nullopt);
  }
}

TEST(ScopeText, TakesNothingElse) {
  for (const char* const text : {"\n", "a", "\n\n\n\n", "\n\n\n\n\nb", "\n\n\n\n\n\n"})
    EXPECT_EQ(scope_in(text), std::nullopt);
}

}  // namespace
}  // namespace initscan
