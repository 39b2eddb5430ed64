#include "audit/collect/file_source.h"

#include "tests/unit/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace fs = std::filesystem;

std::string pod(const std::string& name, const std::string& more = "") {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
         R"(","namespace":"n"},"spec":{"containers":[{"name":"a","image":"a:1"}])" + more + "}}";
}

// As the API server lists them: items say no kind.
std::string bare(const std::string& name) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"n"},"spec":{"containers":[{"name":"a"}]}})";
}

const std::string kNamespace = R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})";

class FileSourceTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  // What comes of these arguments: facts, then the names of the pods, then "PART: REASON" of the gaps.
  void read(const std::vector<std::string>& arguments) {
    auto source = FileSource::open(arguments);
    ASSERT_TRUE(source) << source.error().text;
    auto facts = (*source)->facts();
    ASSERT_TRUE(facts) << facts.error().text;
    facts_ = std::move(*facts);
    auto gaps = (*source)->pods([&](const Pod& seen) { pods_.push_back(seen.name); });
    ASSERT_TRUE(gaps) << gaps.error().text;
    for (const Gap& gap : *gaps) gaps_.push_back(gap.part + ": " + gap.reason);
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  ClusterFacts facts_;
  std::vector<std::string> pods_;
  std::vector<std::string> gaps_;
};

TEST_F(FileSourceTest, FactsMayStandBehindThePods) {
  read({write("a.json", R"({"items":[)" + pod("p") + "," + kNamespace + R"(],"kind":"List"})")});
  EXPECT_THAT(pods_, ElementsAre("p"));
  EXPECT_THAT(gaps_, IsEmpty());
  ASSERT_TRUE(facts_.namespaces);
  EXPECT_EQ(facts_.namespaces->size(), 1u);
  EXPECT_FALSE(facts_.nodes);
  EXPECT_EQ(facts_.nodes.why_not, "no Node in the input; kubectl get nodes -A -o json gives them");
  EXPECT_THAT(facts_.gaps, IsEmpty());
}

struct Input {
  const char* name;
  std::string text;
};

class FileSourceForms : public FileSourceTest, public testing::WithParamInterface<Input> {};

TEST_P(FileSourceForms, BringTwoPodsAndANamespace) {
  read({write("input", GetParam().text)});
  EXPECT_THAT(pods_, ElementsAre("p", "q"));
  EXPECT_THAT(gaps_, IsEmpty());
  EXPECT_TRUE(facts_.namespaces) << facts_.namespaces.why_not;
}

INSTANTIATE_TEST_SUITE_P(
    Table, FileSourceForms,
    testing::Values(
        Input{"JsonLines", pod("p") + "\n" + kNamespace + "\n" + pod("q") + "\n"},
        Input{"Concatenated", pod("p") + kNamespace + pod("q")},
        Input{"Array", "[" + pod("p") + "," + kNamespace + "," + pod("q") + "]"},
        Input{"ByteOrderMark", "\xef\xbb\xbf [" + pod("p") + "," + kNamespace + "," + pod("q") + "]"},
        Input{"RawListsKindFirst", R"({"kind":"PodList","items":[)" + bare("p") + "," + bare("q") +
                                       R"(]}{"kind":"NamespaceList","items":[{"metadata":{"name":"n"}}]})"},
        Input{"RawListsKindLast",
              R"({"items":[)" + bare("p") + "," + bare("q") +
                  R"(],"kind":"PodList"}{"items":[{"metadata":{"name":"n"}}],"kind":"NamespaceList"})"},
        Input{"ListsInLists", R"({"kind":"List","items":[{"kind":"PodList","items":[)" + bare("p") + "," + bare("q") +
                                  "]}," + kNamespace + "]}"},
        Input{"TheKeyItemsInDisguise",
              R"({"kind":"List","\u0069tems":[)" + pod("p") + "," + kNamespace + "," + pod("q") + "]}"},
        Input{"Yaml",
              "# from a cluster\n---\nkind: Pod\nmetadata: {name: p, namespace: n}\nspec:\n  containers:\n  - name: a\n"
              "--- # and\nkind: List\nitems:\n- {kind: Namespace, metadata: {name: n}}\n"
              "- {kind: Pod, metadata: {name: q, namespace: n}, spec: {containers: [{name: a}]}}\n...\n---\n---\n"}),
    [](const auto& test) { return test.param.name; });

struct Broken {
  const char* name;
  std::string text;
  std::vector<std::string> pods;
  std::vector<std::string> gaps;  // F stands for the file
};

class FileSourceGaps : public FileSourceTest, public testing::WithParamInterface<Broken> {};

TEST_P(FileSourceGaps, NoPodIsLostSilently) {
  const std::string path = write("input", GetParam().text);
  read({path});
  EXPECT_EQ(pods_, GetParam().pods);
  for (std::string& gap : gaps_) {
    if (const std::size_t at = gap.find(path); at != std::string::npos) gap.replace(at, path.size(), "F");
  }
  EXPECT_EQ(gaps_, GetParam().gaps);
}

const std::string kNoPods = "; kubectl get pods -A -o json lists what runs";

INSTANTIATE_TEST_SUITE_P(
    Table, FileSourceGaps,
    testing::Values(
        Broken{"Empty", "", {}, {"pods: no Pod in the input" + kNoPods}},
        Broken{"OtherKinds",
               R"({"kind":"Deployment","metadata":{"name":"x"}})",
               {},
               {"pods: no Pod in the input, but 1 Deployment" + kNoPods}},
        Broken{"APodOfAnotherType",
               pod("p", R"(,"hostPID":"yes")") + pod("q"),
               {"q"},
               {"pod n/p: spec.hostPID: want true or false"}},
        Broken{"APodWithoutName",
               R"({"kind":"List","items":[{"kind":"Pod"},)" + pod("q") + "]}",
               {"q"},
               {"pods in F: .items[0]: metadata.name: missing"}},
        Broken{"AnItemThatIsNone",
               R"({"kind":"List","items":[null,)" + pod("q") + "]}",
               {"q"},
               {"pods in F: .items[0]: want an object"}},
        Broken{"BrokenJson",
               R"({"kind":"List","items":[{"kind":"Pod",},)" + pod("q") + "]}",
               {"q"},
               {"pods in F: .items[0]: not JSON: The JSON document has an improper structure: missing or superfluous "
                "commas, "
                "braces, missing keys, etc."}},
        Broken{"NoKind", R"([{"metadata":{}}])" + pod("q"), {"q"}, {"pods in F: .items[0]: an object without a kind"}},
        Broken{"CutShort",
               R"({"items":[)" + pod("p") + "," + pod("q").substr(0, 30),
               {"p"},
               {"pods in F: ends inside the object that starts at byte 0"}},
        Broken{"JunkBehind",
               pod("p") + " Error from server",
               {"p"},
               {"pods in F: want an object or a list, got E at byte 124"}},
        Broken{"BrokenYaml",
               "kind: Pod\nmetadata: [\n---\nkind: Pod\nmetadata: {name: q}\nspec: {containers: [{name: a}]}\n",
               {"q"},
               {"pods in F: 3: not YAML: end of sequence flow not found"}},
        Broken{"AnErrorPage", "<html>\n", {}, {"pods in F: want an object", "pods: no Pod in the input" + kNoPods}},
        Broken{"PodMetrics",
               R"({"apiVersion":"example.com/v1","kind":"Pod","metadata":{"name":"x"}})",
               {},
               {"pods: no Pod in the input, but 1 Pod" + kNoPods}}),
    [](const auto& test) { return test.param.name; });

TEST_F(FileSourceTest, AHugePodIsAGapAndTheOthersAreRead) {
  const std::string huge = pod("huge", R"(,"x":")" + std::string(9 << 20, 'x') + "\"");
  const std::string path = write("a.json", R"({"items":[)" + pod("p") + "," + huge + "," + pod("q") + "]}");
  read({path});
  EXPECT_THAT(pods_, ElementsAre("p", "q"));
  EXPECT_THAT(gaps_, ElementsAre("pods in " + path + ": .items[1]: 9437317 bytes; the limit of one object is 8388608"));
}

TEST_F(FileSourceTest, GapsAreCountedBeyondTheirLimit) {
  std::string text;
  for (std::size_t i = 0; i < kMaxGaps + 5; ++i) text += "{\"kind\":\"Pod\"}\n";
  read({write("a.json", text)});
  ASSERT_EQ(gaps_.size(), kMaxGaps + 1);
  EXPECT_EQ(gaps_.back(), "pods: 5 more could not be read");
}

TEST_F(FileSourceTest, ReadsAFolderAndNothingElseInIt) {
  write("one/pods.json", pod("p"));
  write("one/.hidden.json", pod("hidden"));
  write("two/pods.yaml", "kind: Pod\nmetadata: {name: q}\nspec: {containers: [{name: a}]}\n");
  write("two/logs.txt", "{");
  fs::create_directory_symlink(folder_, folder_ / "loop");
  read({folder_.string()});
  EXPECT_THAT(pods_, ElementsAre("p", "q"));
  EXPECT_THAT(gaps_, IsEmpty());
}

TEST_F(FileSourceTest, APodInTwoFilesIsOne) {
  const std::string uid = "e2c871d9-2956-4af6-af43-2ac6c3bdb2bb";
  const auto with_uid = [&](const std::string& id) {
    std::string text = pod("u");
    return text.insert(text.find("\"name\":\"u\""), "\"uid\":\"" + id + "\",");
  };
  const std::string other = "e2c871d9-2956-4af6-af43-2ac6c3bdb2bc";
  read({write("a.json", pod("p") + with_uid(uid)), write("b.json", pod("p") + with_uid(uid) + with_uid(other))});
  EXPECT_THAT(pods_, ElementsAre("p", "u", "u"));
}

TEST_F(FileSourceTest, NamesWhatCannotBeOpened) {
  const auto none = FileSource::open({(folder_ / "none.json").string()});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().text, (folder_ / "none.json").string() + ": cannot open: No such file or directory");
  const auto empty = FileSource::open({folder_.string()});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().text, folder_.string() + ": holds no .json, .jsonl, .ndjson, .yaml or .yml");
}

}  // namespace
}  // namespace initscan::audit
