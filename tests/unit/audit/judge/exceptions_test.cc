#include "audit/judge/exceptions.h"

#include "tests/unit/audit/judge/build.h"

namespace initscan::audit {
namespace {

using build::found;
using build::kNow;
using build::workload;
using Strings = std::vector<std::string>;

AuditPolicy accepting(Exception exception) {
  AuditPolicy policy;
  if (exception.reason.empty()) exception.reason = "legacy";
  if (exception.expires == Time{}) exception.expires = kNow + std::chrono::days(10);
  policy.exceptions = {std::move(exception)};
  return policy;
}

Exception exception(std::string check, std::string space = "", std::string name = "", std::string container = "") {
  Exception made;
  made.check = std::move(check);
  made.namespace_ = std::move(space);
  made.workload = std::move(name);
  made.container = std::move(container);
  return made;
}

struct Case {
  const char* name;
  Exception exception;
  bool accepts;  // writable-root of app in shop Deployment/web
};

class Accepts : public testing::TestWithParam<Case> {};

TEST_P(Accepts, WhatItNamesAlone) {
  Workload made = workload("web", {found("writable-root")});
  apply_exceptions(made, accepting(GetParam().exception), kNow);
  EXPECT_EQ(made.results[0].is_accepted(), GetParam().accepts);
}

INSTANTIATE_TEST_SUITE_P(Table, Accepts,
                         testing::Values(Case{"TheCheckEverywhere", exception("writable-root"), true},
                                         Case{"EveryCheck", exception("*", "shop"), true},
                                         Case{"AnotherCheck", exception("age"), false},
                                         Case{"ByGlobs", exception("writable-root", "sh*", "Deployment/*", "a*"), true},
                                         Case{"AnotherNamespace", exception("*", "shopping"), false},
                                         Case{"AnotherKind", exception("*", "", "StatefulSet/web"), false},
                                         Case{"TheNameAloneIsNoWorkload", exception("*", "", "web"), false},
                                         Case{"AnotherContainer", exception("*", "", "", "sidecar"), false}),
                         [](const auto& test) { return test.param.name; });

TEST(Exceptions, SayWhyAndUntilWhen) {
  Workload made = workload("web", {found("writable-root")});
  apply_exceptions(made, accepting(exception("writable-root")), kNow);
  EXPECT_EQ(made.results[0].exception, "accepted until 2026-06-11T00:00:00Z: legacy");
}

TEST(Exceptions, EndAtTheirMoment) {
  Exception ended = exception("writable-root", "shop", "Deployment/web");
  ended.expires = kNow;
  ended.line = 12;
  const AuditPolicy policy = accepting(ended);
  Workload made = workload("web", {found("writable-root")});
  apply_exceptions(made, policy, kNow);
  EXPECT_FALSE(made.results[0].is_accepted());
  EXPECT_EQ(exception_warnings(policy, {made}, kNow),
            Strings{"the exception of writable-root for Deployment/web in shop (line 12 of the policy) ended at "
                    "2026-06-01T00:00:00Z: what it accepted counts again; renew or remove it"});
}

TEST(Exceptions, ThatMatchNothingAreSaid) {
  const AuditPolicy policy = accepting(exception("age", "shop"));
  EXPECT_EQ(exception_warnings(policy, {workload("web", {found("writable-root")})}, kNow),
            Strings{"the exception of age in shop matches nothing: correct or remove it"});
  EXPECT_EQ(exception_warnings(policy, {workload("web", {found("age")})}, kNow), Strings{});
}

}  // namespace
}  // namespace initscan::audit
