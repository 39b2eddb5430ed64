#include "injector/inject/allotment.h"

#include "injector/pod/pod_reader.h"
#include "injector/pod/quantity.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  std::string spec;  // of the pod
  std::string want;  // cpu request/limit memory request/limit
};

class AllotmentOfPod : public testing::TestWithParam<Case> {};

TEST_P(AllotmentOfPod, IsWhatItsContainersLeave) {
  const auto pod = read_pod(R"({"metadata":{},"spec":)" + GetParam().spec + "}");
  ASSERT_TRUE(pod) << pod.error().text;
  const std::optional<Allotment> own = allotment_of(*pod);
  EXPECT_EQ(own ? format_cpu(own->cpu_request) + '/' + format_cpu(own->cpu_limit) + ' ' +
                      format_bytes(own->memory_request) + '/' + format_bytes(own->memory_limit)
                : "nothing",
            GetParam().want);
}

std::string container(const std::string& requests, const std::string& limits, const std::string& more = "") {
  return R"({"name":"a","image":"a")" + more + R"(,"resources":{"requests":{)" + requests + R"(},"limits":{)" + limits +
         "}}}";
}

std::string amounts(const std::string& cpu, const std::string& memory) {
  return R"("cpu":")" + cpu + R"(","memory":")" + memory + '"';
}

INSTANTIATE_TEST_SUITE_P(
    Table, AllotmentOfPod,
    testing::Values(
        Case{"BestEffortStaysBestEffort", R"({"containers":[{"name":"a","image":"a"}]})", "nothing"},
        Case{"ToAskForZeroIsToAskForNothing",
             R"({"containers":[)" + container(amounts("0", "0"), amounts("0m", "0Mi")) + "]}", "nothing"},
        Case{"OtherResourcesMakeNoClass",
             R"({"containers":[)" + container(R"("ephemeral-storage":"1Gi")", R"("example.com/gpu":"1")") + "]}",
             "nothing"},
        Case{"OursMakeNoClass",
             R"({"initContainers":[{"name":"initscan-gate","image":"i","resources":{"limits":{"cpu":"1"}}}],)"
             R"("containers":[{"name":"a","image":"a"}]})",
             "nothing"},
        Case{"ASidecarAloneMakesAClass",
             R"({"initContainers":[)" + container(amounts("20m", "20Mi"), "", R"(,"restartPolicy":"Always")") +
                 R"(],"containers":[{"name":"b","image":"b"}]})",
             "20m/1 20Mi/256Mi"},
        Case{"OneResourceAloneMakesAClass", R"({"containers":[)" + container(R"("memory":"32Mi")", "") + "]}",
             "0/1 32Mi/256Mi"},
        Case{"ASmallPod", R"({"containers":[)" + container(amounts("10m", "32Mi"), "") + "]}", "10m/1 32Mi/256Mi"},
        Case{"ALargePod", R"({"containers":[)" + container(amounts("4", "8Gi"), "") + "]}", "4/4 8192Mi/8192Mi"},
        Case{"ContainersAddUp",
             R"({"containers":[)" + container(amounts("20m", "20Mi"), "") + ',' +
                 container(amounts("20m", "20Mi"), "") + "]}",
             "40m/1 40Mi/256Mi"},
        Case{"ALargeInitContainerMakesRoom",
             R"({"initContainers":[)" + container(amounts("1", "1Gi"), "") + R"(],"containers":[)" +
                 container(amounts("10m", "10Mi"), "") + "]}",
             "1/1 256Mi/256Mi"},
        Case{"ASidecarAddsToTheOthers",
             R"({"initContainers":[)" + container(amounts("20m", "20Mi"), "", R"(,"restartPolicy":"Always")") +
                 R"(],"containers":[)" + container(amounts("10m", "10Mi"), "") + "]}",
             "30m/1 30Mi/256Mi"},
        Case{"NoContainersLimitIsExceeded",
             R"({"containers":[)" + container(amounts("300m", "100Mi"), amounts("300m", "100Mi")) + ',' +
                 container(amounts("100m", "80Mi"), amounts("200m", "160Mi")) + "]}",
             "300m/300m 160Mi/160Mi"},
        Case{"NoContainersRequestIsUndercut",
             R"({"containers":[)" + container(amounts("2", "1Gi"), amounts("4", "2Gi")) + "]}", "2/2 1024Mi/1024Mi"},
        Case{"NoContainersRatioIsExceeded",
             R"({"containers":[)" + container(amounts("100m", "100Mi"), amounts("150m", "150Mi")) + "]}",
             "100m/150m 100Mi/150Mi"},
        Case{"LimitsHold", R"({"containers":[)" + container(amounts("10m", "10Mi"), amounts("200m", "128Mi")) + "]}",
             "10m/200m 10Mi/128Mi"},
        Case{"AScanNeedsItsMemory",
             R"({"containers":[)" + container(amounts("10m", "10Mi"), amounts("20m", "16Mi")) + "]}",
             "10m/20m 10Mi/64Mi"},
        Case{"OneWithoutALimitIsNoLimit",
             R"({"containers":[)" + container("", amounts("200m", "128Mi")) + R"(,{"name":"b","image":"b"}]})",
             "200m/1 128Mi/256Mi"},
        Case{"GuaranteedStaysGuaranteed",
             R"({"containers":[)" + container(amounts("500m", "128Mi"), amounts("500m", "128Mi")) + "]}",
             "500m/500m 128Mi/128Mi"},
        Case{"LimitsAloneAreGuaranteed", R"({"containers":[)" + container("", amounts("2", "1Gi")) + "]}",
             "2/2 1024Mi/1024Mi"},
        Case{"ThePodsOwnResourcesHold",
             R"({"resources":{"requests":{"cpu":"30m","memory":"40Mi"},"limits":{"cpu":"100m","memory":"100Mi"}},)"
             R"("containers":[{"name":"a","image":"a"}]})",
             "30m/100m 40Mi/100Mi"},
        Case{"NoContainerMayHaveMoreThanItsPod",
             R"({"resources":{"requests":{"memory":"16Mi"},"limits":{"cpu":"100m","memory":"32Mi"}},)"
             R"("containers":[{"name":"a","image":"a"}]})",
             "100m/100m 16Mi/32Mi"},
        Case{"SumsDoNotOverflow",
             R"({"containers":[)" + container(amounts("9E", "9E"), "") + "," + container(amounts("9E", "9E"), "") +
                 "," + container(amounts("10m", "10Mi"), "") + "]}",
             "1/1 256Mi/256Mi"},
        Case{
            "OursDoNotCount",
            R"({"initContainers":[{"name":"initscan-gate","image":"x","resources":{"requests":{"cpu":"9","memory":"9Gi"}}}],)"
            R"("containers":[)" +
                container(amounts("10m", "10Mi"), "") + "]}",
            "10m/1 10Mi/256Mi"}),
    [](const auto& test) { return test.param.name; });

TEST(AllotmentOfPod, SaysWhichQuantityIsNone) {
  const auto pod =
      read_pod(R"({"spec":{"containers":[{"name":"a","image":"a","resources":{"limits":{"cpu":"lots"}}}]}})");
  ASSERT_FALSE(pod);
  EXPECT_EQ(pod.error().text, "spec: containers: a: resources: limits: cpu: not a quantity: \"lots\"");
}

}  // namespace
}  // namespace initscan::injector
