#include "injector/inject/manifest.h"

#include "common/yaml/yaml_document.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace initscan::injector {
namespace {

InjectorConfig config() {
  InjectorConfig made;
  made.image = "example/initscan:1";
  made.policy_json = "{}";
  return made;
}

std::string reasons(const InjectedManifest& manifest) {
  std::string text;
  for (const InjectedObject& object : manifest.objects)
    text += object.name + ' ' + std::string(to_string(object.reason)) + '\n';
  return text;
}

// As the emitter writes it, whatever is in it.
std::string rewritten(const std::string& text) {
  const auto manifest = uninject_manifest(text, Unchanged::written_anew);
  return manifest ? manifest->text : "error: " + manifest.error().text;
}

const std::string kTemplate = "{metadata: {}, spec: {containers: [{name: a, image: a}]}}";

TEST(Manifest, FindsThePodInEveryWorkload) {
  std::string text;
  for (const std::string kind :
       {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"}) {
    text += "---\nkind: " + kind + "\nmetadata: {name: x}\nspec: {template: " + kTemplate + "}\n";
  }
  text += "---\nkind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {template: " + kTemplate + "}}}\n";
  text += "---\nkind: List\nitems:\n- kind: Pod\n  spec: {containers: [{name: a, image: a}]}\n- kind: Service\n";
  const auto manifest = inject_manifest(text, config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  EXPECT_EQ(
      reasons(*manifest),
      "Deployment/x injected\nStatefulSet/x injected\nDaemonSet/x injected\nReplicaSet/x injected\n"
      "ReplicationController/x injected\nJob/x injected\nCronJob/x injected\nPod/ injected\nService/ not-a-workload\n");
  const auto again = inject_manifest(manifest->text, config());
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(again->text, manifest->text);
}

TEST(Manifest, FindsThePodOfWhatOthersRun) {
  const std::string spec = "metadata: {name: x}\nspec: {template: " + kTemplate + "}\n";
  const auto manifest =
      inject_manifest("apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\n" + spec +
                          "---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\n" + spec +
                          "---\nkind: PodTemplate\nmetadata: {name: x}\ntemplate: " + kTemplate + "\n",
                      config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  EXPECT_EQ(reasons(*manifest), "DeploymentConfig/x injected\nRollout/x injected\nPodTemplate/x injected\n");
}

TEST(Manifest, PodsOfAKindThatIsNotKnownAreAFailure) {
  const std::string spec = "spec: " + kTemplate + "\n";
  const std::vector<std::string> texts{
      "kind: pod\n" + spec, "kind: Rollout\napiVersion: example.com/v1\nspec: {template: " + kTemplate + "}\n",
      "kind: X\nspec:\n  template:\n    containers:\n    - image: a\n",
      R"({"kind":"X","jobs":[{"containers":[{"image":"a"}]}]})"};
  for (const std::string& text : texts) {
    const auto manifest = inject_manifest(text, config());
    ASSERT_TRUE(manifest) << manifest.error().text;
    EXPECT_EQ(manifest->failures.size(), 1u) << text;
    EXPECT_EQ(manifest->text, text) << "it is left as it was";
    EXPECT_TRUE(uninject_manifest(text)->failures.empty()) << text;
  }
  const auto none =
      inject_manifest("kind: X\ncontainers: {image: a}\n---\nkind: Y\ncontainers: [a, {name: b}]\n", config());
  ASSERT_TRUE(none) << none.error().text;
  EXPECT_EQ(reasons(*none), "X/ not-a-workload\nY/ not-a-workload\n");
  const auto elsewhere = inject_manifest("kind: Rollout\nspec: {workloadRef: {kind: Deployment, name: d}}\n", config());
  ASSERT_TRUE(elsewhere) << elsewhere.error().text;
  EXPECT_EQ(reasons(*elsewhere), "Rollout/ not-a-workload\n");
}

// Scalars that change their meaning when a tool "cleans them up".
TEST(Manifest, KeepsScalarsAsTheyAre) {
  const std::string text =
      "kind: ConfigMap\n"
      "data:\n"
      "  a: \"yes\"\n"
      "  b: yes\n"
      "  c: \"1\"\n"
      "  d: 0644\n"
      "  e: 1e3\n"
      "  f: \"null\"\n"
      "  g: null\n"
      "  h: \"\"\n"
      "  i: \"line\\nline\\n\"\n"
      "  j: 9007199254740993\n"
      "  k: 1.10\n"
      "  l: {}\n"
      "  m: []\n"
      "  \"on\": off\n"
      "  n:\n"
      "  - - a\n"
      "    - b: c\n"
      "      d: \"e: f\"\n";
  EXPECT_EQ(rewritten(text), text);
}

TEST(Manifest, ExpandsAliasesAndMerges) {
  EXPECT_EQ(rewritten("kind: X\nbase: &b {a: 1, c: 2}\none: *b\ntwo: {<<: *b, c: 3}\nthree: {<<: [{a: 7}, *b]}\n"),
            "kind: X\nbase:\n  a: 1\n  c: 2\none:\n  a: 1\n  c: 2\ntwo:\n  c: 3\n  a: 1\nthree:\n  a: 7\n  c: 2\n");
}

TEST(Manifest, WhatIsPlainBetweenBracketsAloneIsQuoted) {
  const std::string text = rewritten("kind: X\na: [sh, -, -c, -1, ~, a:b, a#b]\n");
  EXPECT_EQ(text, "kind: X\na:\n- sh\n- \"-\"\n- -c\n- -1\n- null\n- a:b\n- a#b\n");
  EXPECT_EQ(rewritten(text), text);
}

TEST(Manifest, OfAKeyThatIsSaidTwiceTheLastCounts) {
  const auto manifest = inject_manifest(
      "kind: Pod\nspec: [x]\nmetadata: {name: p}\nspec: {containers: [{name: a, image: a}]}\n", config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  EXPECT_EQ(reasons(*manifest), "Pod/p injected\n");
  EXPECT_EQ(manifest->text.find("- x"), std::string::npos) << manifest->text;
  EXPECT_EQ(inject_manifest(manifest->text, config())->text, manifest->text);
}

TEST(Manifest, WhatEndsALineForSomeReaderIsEscaped) {
  const std::string text = rewritten("kind: X\na: \"x\\u0085\\Ly\\u007f\"\nb: \u00e9\n");
  EXPECT_EQ(text, "kind: X\na: \"x\\u0085\\u2028y\\u007f\"\nb: \u00e9\n");
  EXPECT_EQ(rewritten(text), text);
}

TEST(Manifest, TagsSayWhatTheySaid) {
  const std::string text = rewritten("kind: X\na: !!str 12\nb: !!int 12\nc: !own 12\nd: !!binary aGk=\ne: ! \n");
  EXPECT_EQ(text, "kind: X\na: \"12\"\nb: !!int 12\nc: \"12\"\nd: !!binary aGk=\ne: \"\"\n");
  EXPECT_EQ(rewritten(text), text);
}

TEST(Manifest, AChangeInOnePlaceChangesNoOther) {
  const auto manifest = inject_manifest(
      "kind: List\nitems:\n"
      "- {kind: Pod, spec: {volumes: &v [{name: x}], containers: &c [{name: a, image: a}]}}\n"
      "- {kind: Pod, spec: {volumes: *v, containers: *c}}\n",
      config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  const YAML::Node list = YAML::Load(manifest->text);
  EXPECT_EQ(list["items"][0]["spec"]["volumes"].size(), 5u);
  EXPECT_EQ(list["items"][1]["spec"]["volumes"].size(), 5u);
}

TEST(Manifest, JsonStaysJson) {
  const auto manifest = inject_manifest(
      R"({"kind":"Pod","big":9007199254740993,"spec":{"containers":[{"name":"a","image":"a"}]}})", config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  EXPECT_TRUE(manifest->text.starts_with("{\n  \"kind\": \"Pod\",\n  \"big\": 9007199254740993,\n"));
  EXPECT_NE(manifest->text.find("\"initscan-gate\""), std::string::npos);
  EXPECT_EQ(inject_manifest(manifest->text, config())->text, manifest->text);
}

TEST(Manifest, JsonMayWriteACharacterAsTwoEscapes) {
  const auto manifest = inject_manifest(
      R"({"kind":"Pod","metadata":{"name":"\ud83d\uDE00","note":"\\ud83d\\ude00"},"spec":{"containers":[{"name":"a","image":"a"}]}})",
      config());
  ASSERT_TRUE(manifest) << manifest.error().text;
  EXPECT_NE(manifest->text.find("\"name\": \"😀\",\n    \"note\": \"\\\\ud83d\\\\ude00\""), std::string::npos)
      << manifest->text;
  EXPECT_FALSE(whole(inject_manifest("kind: Pod\nmetadata: {name: \"\\ud83d\\ude00\"}\n", config())))
      << "YAML joins none";
}

TEST(Manifest, ANamespaceIsItsWorkloads) {
  const auto manifest = inject_manifest(
      "kind: Deployment\nmetadata: {name: x, namespace: kube-system}\nspec: {template: " + kTemplate + "}\n", config());
  EXPECT_EQ(reasons(*manifest), "Deployment/x excluded-namespace\n");
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

class ManifestRefuses : public testing::TestWithParam<Bad> {};

TEST_P(ManifestRefuses, WithAPlace) {
  const auto manifest = inject_manifest(GetParam().text, config());
  const auto all = whole(manifest);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().text, GetParam().error);
  if (manifest) { EXPECT_EQ(manifest->text, GetParam().text) << "it is not copied"; }
}

// Each level names the one before nine times: a thousand bytes that would become gigabytes.
std::string bomb() {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += (j > 0 ? "," : "") + before;
    text += "]\n";
  }
  return text;
}

// Short enough to be read, too long once its characters are escaped our way.
std::string long_key() {
  std::string key;
  for (int i = 0; i < 240; ++i) key += "\\x01";
  return key;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ManifestRefuses,
    testing::Values(Bad{"Empty", " \n", "is empty"}, Bad{"NotUtf8", "a: b\nc: \xe1+\n", "2: not text in UTF-8"},
                    Bad{"ControlCharacter", "a: \x03\n", "1: not text in UTF-8"},
                    Bad{"LongKey", "a: 1\n\"" + long_key() + "\": 1\n", "2: a key is too long"},
                    Bad{"NeverEnding", ", a: b\n", "1: not YAML: unexpected token"},
                    Bad{"NotYaml", "a: [\n", "2: not YAML: end of sequence flow not found"},
                    Bad{"AList", "- a\n", "want an object with a kind"},
                    Bad{"NoTemplate", "kind: Job\nmetadata: {name: j}\nspec: {}\n", "Job/j: no template"},
                    Bad{"NoImage", "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n",
                        "Pod/p: container \"a\" has no image"},
                    Bad{"AnAliasBomb", bomb(), "1: too many nodes; are its aliases a bomb?"}),
    [](const auto& test) { return test.param.name; });

TEST(ManifestRefuses, JsonThatIsCutShort) {
  const auto manifest = whole(inject_manifest("{\"kind\":", config()));
  ASSERT_FALSE(manifest);
  EXPECT_TRUE(manifest.error().text.starts_with("1: not JSON: ")) << manifest.error().text;
}

}  // namespace
}  // namespace initscan::injector
