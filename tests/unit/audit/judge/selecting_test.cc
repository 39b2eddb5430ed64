#include "audit/judge/selecting.h"

#include "tests/unit/audit/judge/build.h"

namespace initscan::audit {
namespace {

using Strings = std::vector<std::string>;

struct Case {
  const char* name;
  LabelSelector::Requirement requirement;
  bool met;  // by the labels app=web, tier=
};

class Selector : public testing::TestWithParam<Case> {};

TEST_P(Selector, SelectsWhatMeetsItsRequirement) {
  EXPECT_EQ(selects(LabelSelector{{GetParam().requirement}}, {{"app", "web"}, {"tier", ""}}), GetParam().met);
}

INSTANTIATE_TEST_SUITE_P(Table, Selector,
                         testing::Values(Case{"In", {"app", "In", {"db", "web"}}, true},
                                         Case{"NotThatValue", {"app", "In", {"db"}}, false},
                                         Case{"InOfNoLabel", {"zone", "In", {""}}, false},
                                         Case{"NotIn", {"app", "NotIn", {"db"}}, true},
                                         Case{"NotInOfNoLabel", {"zone", "NotIn", {"a"}}, true},
                                         Case{"NotInOfThatValue", {"app", "NotIn", {"web"}}, false},
                                         Case{"ExistsWithoutAValue", {"tier", "Exists", {}}, true},
                                         Case{"ExistsOfNoLabel", {"zone", "Exists", {}}, false},
                                         Case{"DoesNotExist", {"zone", "DoesNotExist", {}}, true},
                                         Case{"DoesNotExistButDoes", {"app", "DoesNotExist", {}}, false},
                                         Case{"AnOperatorOfTomorrow", {"app", "Near", {"web"}}, false}),
                         [](const auto& test) { return test.param.name; });

TEST(SelectorOfNothing, SelectsEverything) {
  EXPECT_TRUE(selects(LabelSelector{}, {}));
}

Service service(std::string name, StringMap selector, Exposure exposure, std::string space = "shop") {
  return {std::move(name), std::move(space), std::move(selector), exposure};
}

Pod labelled(StringMap labels) {
  Pod pod = build::pod("web-1");
  pod.labels = std::move(labels);
  return pod;
}

TEST(Exposures, AreTheWidestOfItsServices) {
  ClusterFacts cluster = build::empty_cluster();
  *cluster.services.value = {service("inside", {{"app", "web"}}, Exposure::cluster),
                             service("outside", {{"app", "web"}, {"tier", "front"}}, Exposure::load_balancer),
                             service("elsewhere", {{"app", "web"}}, Exposure::load_balancer, "other")};
  const Selectors selectors(cluster);
  EXPECT_EQ(selectors.of(labelled({{"app", "web"}})).exposure, Exposure::cluster);
  EXPECT_EQ(selectors.of(labelled({{"app", "web"}, {"tier", "front"}})).exposure, Exposure::load_balancer);
  EXPECT_EQ(selectors.of(labelled({{"app", "web"}, {"tier", "front"}})).services, (Strings{"inside", "outside"}));
  EXPECT_EQ(selectors.of(labelled({})).exposure, Exposure::none);
}

TEST(Exposures, AServiceWithoutSelectorSelectsNoPod) {
  ClusterFacts cluster = build::empty_cluster();
  *cluster.services.value = {service("external", {}, Exposure::load_balancer)};
  EXPECT_EQ(Selectors(cluster).of(labelled({{"app", "web"}})).exposure, Exposure::none);
}

TEST(Exposures, HostPortAndHostNetworkReachTheNode) {
  const ClusterFacts cluster = build::empty_cluster();
  const Selectors selectors(cluster);
  Pod port = labelled({});
  port.containers[0].host_ports = {8080};
  EXPECT_EQ(selectors.of(port).exposure, Exposure::node_port);
  Pod network = labelled({});
  network.host_network = true;
  EXPECT_EQ(selectors.of(network).exposure, Exposure::node_port);
}

TEST(Budgets, AreThoseOfTheNamespaceThatSelectIt) {
  ClusterFacts cluster = build::empty_cluster();
  const LabelSelector web{{{"app", "In", {"web"}}}};
  *cluster.budgets.value = {{"web", "shop", web, 1}, {"all", "shop", {}, 0}, {"web", "other", web, 1}};
  const Selectors selectors(cluster);
  EXPECT_EQ(selectors.of(labelled({{"app", "web"}})).budgets, (Strings{"all", "web"}));
  EXPECT_EQ(selectors.of(labelled({})).budgets, Strings{"all"});
}

}  // namespace
}  // namespace initscan::audit
