#include "tests/unit/audit/check/fixtures.h"

#include "common/time/rfc3339.h"
#include "tests/unit/audit/check/read_yaml.h"

#include <algorithm>
#include <set>

namespace initscan::audit {

Arrange node(std::string_view runtime, std::string_view kubelet, std::string_view os) {
  const Node told{true, std::string(os), std::string(kubelet), std::string(runtime)};
  return [told](World& world) { world.cluster.nodes.value = {{"worker-1", told}}; };
}

Arrange namespace_labels(StringMap labels) {
  return [labels](World& world) { world.cluster.namespaces.value = {{"shop", Namespace{labels, {}}}}; };
}

namespace {

std::vector<Fixture> all_fixtures() {
  std::vector<Fixture> all;
  for (const auto family : {privileges_fixtures, capabilities_fixtures, node_fixtures, profiles_fixtures,
                            images_fixtures, secrets_fixtures, runtime_fixtures}) {
    std::vector<Fixture> some = family();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

World untold_world() {
  World world;
  world.cluster.namespaces.why_not = "namespaces: 403 Forbidden";
  world.cluster.nodes.why_not = "nodes: 403 Forbidden";
  world.cluster.token_automount.why_not = "serviceaccounts: 403 Forbidden";
  world.cluster.runtime_handlers.why_not = "runtimeclasses: 403 Forbidden";
  return world;
}

// The fixture's words with a name, unless they have one.
std::string manifest(std::string_view words) {
  constexpr std::string_view kName = "metadata: {name: shop-1}";
  if (words.find("metadata:") != words.npos) return std::string(words);
  if (words.starts_with('{')) return '{' + std::string(kName) + ", " + std::string(words.substr(1));
  return std::string(kName) + '\n' + std::string(words);
}

std::vector<CheckResult> results_of(const Fixture& fixture) {
  World world = untold_world();
  if (fixture.arrange) fixture.arrange(world);
  auto pod = read_pod_yaml(manifest(fixture.pod));
  if (!pod) {
    ADD_FAILURE() << fixture.check << ": " << pod.error().text << "\n" << fixture.pod;
    return {};
  }
  pod->namespace_ = "shop";
  pod->node = "worker-1";
  const ImageHistory* history = world.has_history ? &world.history : nullptr;
  return evaluate(*pod, {world.cluster, world.policy, history, *parse_rfc3339(kNow)});
}

TEST(Fixtures, GetTheirWholeAnswer) {
  for (const Fixture& fixture : all_fixtures()) {
    SCOPED_TRACE(std::string(fixture.check) + ' ' + std::string(to_string(fixture.outcome)) + "\n" +
                 std::string(fixture.pod));
    const std::vector<CheckResult> results = results_of(fixture);
    const auto found = std::find_if(results.begin(), results.end(), [&](const CheckResult& result) {
      return result.check->id == fixture.check && result.container == fixture.container;
    });
    EXPECT_NE(found, results.end());
    if (found == results.end()) continue;
    EXPECT_EQ(to_string(found->outcome), to_string(fixture.outcome));
    EXPECT_EQ(found->value, fixture.value);
    EXPECT_EQ(found->evidence, fixture.evidence);
    EXPECT_EQ(found->message, fixture.message);
  }
}

TEST(Fixtures, GetTheirWholeAnswerForAllReplicas) {
  const World world = untold_world();
  for (const WorkloadFixture& fixture : workload_fixtures()) {
    Workload workload;
    workload.containers = {fixture.container};
    const auto results = evaluate(workload, {world.cluster, world.policy, nullptr, *parse_rfc3339(kNow)});
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].check->id, fixture.check);
    EXPECT_EQ(to_string(results[0].outcome), to_string(fixture.outcome));
    EXPECT_EQ(results[0].value, fixture.value);
    EXPECT_EQ(results[0].evidence, fixture.evidence);
    EXPECT_EQ(results[0].message, fixture.message);
    EXPECT_EQ(results[0].container, fixture.container.name);
  }
}

TEST(Fixtures, CoverEveryOutcomeOfEveryCheck) {
  std::set<std::pair<std::string_view, Outcome>> covered;
  for (const Fixture& fixture : all_fixtures()) covered.emplace(fixture.check, fixture.outcome);
  for (const WorkloadFixture& fixture : workload_fixtures()) covered.emplace(fixture.check, fixture.outcome);
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(covered.contains({check.id, Outcome::pass})) << check.id << " has no fixture that passes";
    EXPECT_TRUE(covered.contains({check.id, Outcome::fail})) << check.id << " has no fixture that fails";
    EXPECT_NE(covered.contains({check.id, Outcome::unknown}), check.unknown_when.starts_with("never: "))
        << check.id << " is unknown when: " << check.unknown_when;
  }
}

TEST(Catalogue, IsWholeAndItsIdsAreUnique) {
  std::set<std::string_view> ids;
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_EQ(find_check(check.id), &check);
    for (const std::string_view text : {check.title, check.family, check.why, check.remedy, check.unknown_when}) {
      EXPECT_FALSE(text.empty()) << check.id;
    }
    EXPECT_NE(check.severity, Severity::unknown) << check.id;
  }
  EXPECT_EQ(find_check("no-such-check"), nullptr);
}

TEST(Evaluate, AnswersEveryQuestionOfEveryContainer) {
  const World world = untold_world();
  const auto pod = read_pod_yaml(
      "{metadata: {name: p}, spec: {initContainers: [{name: a}, {name: b, restartPolicy: Always}],"
      " containers: [{name: c}], ephemeralContainers: [{name: d}]}}");
  ASSERT_TRUE(pod) << pod.error().text;
  std::map<std::string_view, std::size_t> answers;
  const CheckContext context{world.cluster, world.policy, nullptr, {}};
  for (const CheckResult& result : evaluate(*pod, context)) ++answers[result.check->id];
  Workload workload;
  workload.containers = {WorkloadContainer{}};
  for (const CheckResult& result : evaluate(workload, context)) ++answers[result.check->id];
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(answers[check.id] == 1 || answers[check.id] == 4) << check.id << ": " << answers[check.id];
  }
}

TEST(Evaluate, LeavesOutDisabledChecks) {
  World world = untold_world();
  world.policy.disabled_checks = {"privileged", "replica-drift"};
  const auto pod = read_pod_yaml("{metadata: {name: p}, spec: {containers: [{name: c}]}}");
  ASSERT_TRUE(pod);
  const CheckContext context{world.cluster, world.policy, nullptr, {}};
  const auto results = evaluate(*pod, context);
  EXPECT_EQ(results.size(), all_checks().size() - 2);
  for (const CheckResult& result : results) EXPECT_NE(result.check->id, "privileged");
  Workload workload;
  workload.containers = {WorkloadContainer{}};
  EXPECT_TRUE(evaluate(workload, context).empty());
}

}  // namespace
}  // namespace initscan::audit
