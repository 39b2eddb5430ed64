#include "injector/cluster/pod_event.h"

#include "injector/pod/pod_reader.h"
#include "tests/unit/injector/inject/patched.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  const char* pod;
  bool may_opt_out;
  std::string want;  // the event's reason; "" where there is none
};

class PodEventTest : public testing::TestWithParam<Case> {};

TEST_P(PodEventTest, FollowsFromThePodThatIsThere) {
  const auto pod = read_pod(GetParam().pod);
  ASSERT_TRUE(pod) << pod.error().text;
  InjectorConfig with = config();
  with.architectures = {"amd64"};
  with.allow_pod_opt_out = GetParam().may_opt_out;
  const auto event = event_about(*pod, with);
  EXPECT_EQ(event ? event->reason : "", GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PodEventTest,
    testing::Values(
        Case{"Plain", R"({"spec":{"containers":[{"name":"a","image":"a:1"}]}})", false, ""},
        Case{"Windows", R"({"spec":{"os":{"name":"windows"},"containers":[{"name":"a","image":"a:1"}]}})", false,
             "InjectionSkipped"},
        Case{"Architecture",
             R"({"spec":{"nodeSelector":{"kubernetes.io/arch":"s390x"},"containers":[{"name":"a","image":"a:1"}]}})",
             false, "InjectionSkipped"},
        Case{"OptedOut",
             R"({"metadata":{"labels":{"initscan.io/inject":"disabled"}},
                 "spec":{"containers":[{"name":"a","image":"a:1"}]}})",
             true, "InjectionSkipped"},
        Case{"Bypassed",
             R"({"metadata":{"labels":{"initscan.io/inject":"disabled"}},
                 "spec":{"containers":[{"name":"a","image":"a:1"}]}})",
             false, "ScanBypassed"},
        Case{"BypassedWithWhatCannotBeInjected",
             R"({"metadata":{"labels":{"initscan.io/inject":"disabled"}},"spec":{"containers":[{"name":"a"}]}})", false,
             "ScanBypassed"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::injector
