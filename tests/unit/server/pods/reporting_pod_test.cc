#include "server/pods/reporting_pod.h"

#include "tests/unit/server/pods/made_pod.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string kDigest = "sha256:" + std::string(64, 'a');

struct Owner {
  const char* name;
  std::string_view owners;  // ownerReferences
  const char* hash;         // pod-template-hash
  Workload want;
};

class WorkloadOf : public testing::TestWithParam<Owner> {};

TEST_P(WorkloadOf, IsWhatMadeThePod) {
  const Owner& row = GetParam();
  const Json pod{{"metadata",
                  {{"name", "web-5d4-x2x9z"},
                   {"creationTimestamp", "2026-11-28T12:34:56Z"},
                   {"labels", {{"pod-template-hash", row.hash}}},
                   {"ownerReferences", Json::parse(row.owners)}}}};
  EXPECT_EQ(workload_of(pod), row.want);
}

// 2026-11-28T12:34 is the minute 29931154 since 1970.
INSTANTIATE_TEST_SUITE_P(
    Table, WorkloadOf,
    testing::Values(
        Owner{"Nothing", "[]", "5d4", {"Pod", "web-5d4-x2x9z"}},
        Owner{"WhoOnlyOwns", R"([{"apiVersion":"v1","kind":"ConfigMap","name":"a"}])", "5d4", {"Pod", "web-5d4-x2x9z"}},
        Owner{"ANodesOwnFile",
              R"([{"apiVersion":"v1","kind":"Node","name":"n1","controller":true}])",
              "",
              {"Pod", "web-5d4-x2x9z"}},
        Owner{"ADeployment",
              R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4","controller":true}])",
              "5d4",
              {"Deployment", "web"}},
        Owner{"AReplicaSetOfAnotherHash",
              R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4","controller":true}])",
              "5d5",
              {"ReplicaSet", "web-5d4"}},
        Owner{"AReplicaSetWithoutAName",
              R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"-5d4","controller":true}])",
              "5d4",
              {"ReplicaSet", "-5d4"}},
        Owner{"AReplicaSetOfItsOwn",
              R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4","controller":true}])",
              "",
              {"ReplicaSet", "web-5d4"}},
        Owner{"AnotherGroupsReplicaSet",
              R"([{"apiVersion":"example.com/v1","kind":"ReplicaSet","name":"web-5d4","controller":true}])",
              "5d4",
              {"ReplicaSet", "web-5d4"}},
        Owner{"ACronJob",
              R"([{"apiVersion":"batch/v1","kind":"Job","name":"back-up-29931150","controller":true}])",
              "",
              {"CronJob", "back-up"}},
        Owner{"AJobOfAnotherTime",
              R"([{"apiVersion":"batch/v1","kind":"Job","name":"move-20261128","controller":true}])",
              "",
              {"Job", "move-20261128"}},
        Owner{"AJobOfTheFuture",
              R"([{"apiVersion":"batch/v1","kind":"Job","name":"move-29931155","controller":true}])",
              "",
              {"Job", "move-29931155"}},
        Owner{
            "AJob", R"([{"apiVersion":"batch/v1","kind":"Job","name":"move","controller":true}])", "", {"Job", "move"}},
        Owner{"AStatefulSet",
              R"([{"apiVersion":"apps/v1","kind":"StatefulSet","name":"db","controller":true}])",
              "",
              {"StatefulSet", "db"}},
        Owner{"OfAnotherType", R"([{"kind":7,"name":"db","controller":true}, 3])", "", {"Pod", "web-5d4-x2x9z"}}),
    [](const auto& test) { return test.param.name; });

Json with_collector(Json state, const std::string& id) {
  Json pod = made_pod(true);
  pod["status"]["initContainerStatuses"] = {
      {{"name", "initscan-collect-0"}, {"imageID", id}, {"state", std::move(state)}}};
  return pod;
}

TEST(ReportingPod, KnowsTheDigestOfWhatACollectorRanIn) {
  EXPECT_THAT(reporting_pod_of(with_collector(ended(0), kAppId)).images,
              ElementsAre(Pair(kAppImage, NodesImage{kDigest})));
  EXPECT_THAT(reporting_pod_of(with_collector(ended(0), "docker-pullable://" + kAppId)).images,
              ElementsAre(Pair(kAppImage, NodesImage{kDigest})));
  // Of a configuration: no registry knows it by that.
  EXPECT_THAT(reporting_pod_of(with_collector(ended(0), kDigest)).images, ElementsAre(Pair(kAppImage, NodesImage{})));
  EXPECT_THAT(reporting_pod_of(with_collector(ended(0), "example/shop@sha256:half")).images,
              ElementsAre(Pair(kAppImage, NodesImage{})));
  EXPECT_THAT(reporting_pod_of(with_collector(waiting("PodInitializing"), "")).images,
              ElementsAre(Pair(kAppImage, NodesImage{"", true})));
  EXPECT_THAT(reporting_pod_of(made_pod(true)).images, ElementsAre(Pair(kAppImage, NodesImage{"", true})));
}

TEST(ReportingPod, KnowsTheDigestOfWhatTheGateMounts) {
  Json pod = with_status(made_pod(), kRunning);
  EXPECT_THAT(reporting_pod_of(pod).images, ElementsAre(Pair(kAppImage, NodesImage{})))
      << "a node that does not say it";
  pod["status"]["initContainerStatuses"][0]["volumeMounts"] = {
      {{"name", "initscan-image-0"}, {"volumeStatus", {{"image", {{"imageRef", kAppId}}}}}}};
  EXPECT_THAT(reporting_pod_of(pod).images, ElementsAre(Pair(kAppImage, NodesImage{kDigest})));
  EXPECT_THAT(reporting_pod_of(made_pod()).images, ElementsAre(Pair(kAppImage, NodesImage{"", true})));
}

TEST(ReportingPod, OfTwoImagesUnderOneNameKnowsNone) {
  Json pod = with_collector(ended(0), kAppId);
  Json second = pod["spec"]["initContainers"][1];
  second["name"] = "initscan-collect-1";
  pod["spec"]["initContainers"].push_back(second);
  Json told = pod["status"]["initContainerStatuses"][0];
  told["name"] = "initscan-collect-1";
  pod["status"]["initContainerStatuses"].push_back(told);
  EXPECT_THAT(reporting_pod_of(pod).images, ElementsAre(Pair(kAppImage, NodesImage{kDigest})));
  pod["status"]["initContainerStatuses"][1]["imageID"] = "example/shop@sha256:" + std::string(64, 'b');
  EXPECT_THAT(reporting_pod_of(pod).images, ElementsAre(Pair(kAppImage, NodesImage{})));
}

TEST(ReportingPod, IsNotAskedOfWhatRunsBesideTheScan) {
  Json pod = with_status(made_pod(), kRunning, Json::object(), kRunning);
  pod["spec"]["containers"].push_back({{"name", "other"}, {"image", "example/other:1"}});
  pod["status"]["containerStatuses"].push_back(
      {{"name", "other"}, {"imageID", "example/other@" + kDigest}, {"state", kRunning}});
  EXPECT_FALSE(reporting_pod_of(pod).images.contains("example/other:1"));
  EXPECT_THAT(reporting_pod_of(Json::array()).images, IsEmpty());
}

TEST(ReportingPod, HasNoMoreImagesThanAnInjectorMakes) {
  Json pod = made_pod(true);
  for (int i = 0; i < 1000; ++i) {
    pod["spec"]["initContainers"].push_back(
        {{"name", "initscan-collect-" + std::to_string(i)}, {"image", "i:" + std::to_string(i)}});
  }
  EXPECT_EQ(reporting_pod_of(pod).images.size(), kMaxOwnContainers);
}

}  // namespace
}  // namespace initscan::server
