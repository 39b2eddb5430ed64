// Against a server of ours that fails as API servers do; a real one is met in tests/e2e.
#include "audit/collect/kube_source.h"

#include "tests/unit/common/kube/tls_server.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string pod(const std::string& name, const std::string& more = "") {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"n"},"spec":{"containers":[{"name":"a"}])" + more + "}}";
}

std::string list(const std::string& items, const std::string& next = "") {
  return R"({"metadata":{"resourceVersion":"7","continue":")" + next + R"("},"items":[)" + items + "]}";
}

// The kind of the list that stands at a path: PodList at /api/v1/pods.
std::string kind_at(const std::string& path) {
  for (const FactKindNames& names : kFactKindNames) {
    if (names.path == path) return std::string(names.object) + "List";
  }
  return "PodList";
}

// A list with the kind that the path asks for, where it does not say one itself.
HttpResponse with_kind(HttpResponse response, const std::string& path) {
  constexpr std::string_view kStart = R"({"metadata":)";
  if (response.body.starts_with(kStart)) response.body.insert(1, R"("kind":")" + kind_at(path) + "\",");
  return response;
}

HttpResponse json(unsigned status, std::string body) {
  return {status, "application/json", std::move(body)};
}

class KubeSourceTest : public testing::Test {
 protected:
  using Handler = std::function<HttpResponse(const std::string& path, int nth)>;

  // `handler` answers what is asked for pods, nodes and initscan's own objects; every other list is empty.
  void serve(Handler handler) {
    server_.start([this, handler](const HttpRequest& request) {
      const std::string path(request.path.substr(0, request.path.find('?')));
      if (path == "/version") return json(200, R"({"gitVersion":"v1.36.2"})");
      const bool is_ours = path.starts_with("/apis/initscan.io/");
      if (is_ours || path == "/api/v1/pods" || path == "/api/v1/nodes") {
        return with_kind(handler(path, ++asked_[path]), path);
      }
      return with_kind(json(200, list("")), path);
    });
    config_ = server_.config();
    config_.context = "test";
  }

  void read(KubeSourceOptions options = {}) {
    KubeSource source(config_, options);
    auto facts = source.facts();
    ASSERT_TRUE(facts) << facts.error().text;
    facts_ = std::move(*facts);
    auto gaps = source.pods([&](const Pod& seen) { pods_.push_back(seen.name); });
    ASSERT_TRUE(gaps) << gaps.error().text;
    for (const Gap& gap : *gaps) gaps_.push_back(gap.part + ": " + gap.reason);
  }

  KubeConfig config_;
  ClusterFacts facts_;
  std::vector<std::string> pods_;
  std::vector<std::string> gaps_;

 private:
  std::map<std::string, int> asked_;  // only on the server's thread
  TlsServer server_;
};

TEST_F(KubeSourceTest, HandsOnEachPodOnceThoughTheListStartsOver) {
  serve([](const std::string& path, int nth) {
    if (path != "/api/v1/pods") return json(200, list(""));
    if (nth == 1) return json(200, list(pod("a") + "," + pod("b"), "next"));
    if (nth == 2) return json(410, R"({"reason":"Expired"})");
    return nth == 3 ? json(200, list(pod("a") + "," + pod("b"), "next")) : json(200, list(pod("c")));
  });
  read();
  EXPECT_THAT(pods_, ElementsAre("a", "b", "c"));
  EXPECT_THAT(gaps_, IsEmpty());
  EXPECT_THAT(facts_.gaps, IsEmpty());
  EXPECT_EQ(facts_.name + ' ' + facts_.version, "test v1.36.2");
}

TEST_F(KubeSourceTest, WhatCannotBeReadOfAPageIsAGap) {
  serve([](const std::string& path, int) {
    if (path == "/api/v1/nodes") return json(200, list(R"({"metadata":{"name":7}})"));
    if (path != "/api/v1/pods") return json(200, list(""));
    return json(200, list(pod("a") + "," + pod("b", R"(,"hostPID":1)") + R"(,null,)" + pod("c")));
  });
  read();
  EXPECT_THAT(pods_, ElementsAre("a", "c"));
  EXPECT_THAT(gaps_, ElementsAre("pod n/b: spec.hostPID: want true or false", "pod ?/?: want an object"));
  EXPECT_FALSE(facts_.nodes);
  ASSERT_EQ(facts_.gaps.size(), 1u);
  EXPECT_EQ(facts_.gaps[0].part + ": " + facts_.gaps[0].reason, "nodes: Node: metadata.name: want text");
}

struct NoList {
  const char* name;
  const char* body;
  const char* gap;
};

class AnswerThatIsNoList : public KubeSourceTest, public testing::WithParamInterface<NoList> {};

TEST_P(AnswerThatIsNoList, IsAGap) {
  serve([](const std::string& path, int) { return json(200, path == "/api/v1/pods" ? GetParam().body : list("")); });
  read();
  EXPECT_THAT(gaps_, ElementsAre(GetParam().gap));
  EXPECT_THAT(pods_, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Table, AnswerThatIsNoList,
                         testing::Values(NoList{"Status", R"({"kind":"Status","metadata":{},"status":"Success"})",
                                                "pods: the answer is not a PodList, but a Status"},
                                         NoList{"OtherList", R"({"kind":"SecretList","metadata":{},"items":[]})",
                                                "pods: the answer is not a PodList, but a SecretList"},
                                         NoList{"NoKind", R"({"apiVersion":"v1","metadata":{},"items":[]})",
                                                "pods: the answer is not a PodList, but has no kind"},
                                         NoList{"NoItems", R"({"kind":"PodList","metadata":{}})",
                                                "pods: the PodList has no items"},
                                         NoList{"ItemsOfAnotherType", R"({"kind":"PodList","metadata":{},"items":{}})",
                                                "pods: the PodList has no items"}),
                         [](const auto& test) { return test.param.name; });

TEST_F(KubeSourceTest, AServerThatBreaksMidwayLeavesAGapBehindWhatWasRead) {
  serve([](const std::string& path, int nth) {
    if (path == "/api/v1/nodes") return json(403, R"({"reason":"Forbidden","message":"no"})");
    if (path != "/api/v1/pods") return json(200, list(""));
    return nth == 1 ? json(200, list(pod("a"), "next")) : json(500, R"({"reason":"InternalError","message":"etcd"})");
  });
  read();
  EXPECT_THAT(pods_, ElementsAre("a"));
  EXPECT_THAT(gaps_, ElementsAre("pods: GET /api/v1/pods: 500 InternalError: etcd"));
  EXPECT_EQ(facts_.nodes.why_not, "GET /api/v1/nodes: 403 Forbidden: no");
  EXPECT_TRUE(facts_.namespaces);
}

TEST_F(KubeSourceTest, WithoutNodesNoKubeletIsAsked) {
  serve([](const std::string& path, int) {
    return path.starts_with("/apis/") ? json(200, list("")) : json(403, R"({"reason":"Forbidden","message":"no"})");
  });
  KubeSourceOptions options;
  options.kubelets.emplace();
  read(options);
  ASSERT_EQ(facts_.gaps.size(), 2u);
  EXPECT_EQ(facts_.gaps[1].part + ": " + facts_.gaps[1].reason, "write layers: GET /api/v1/nodes: 403 Forbidden: no");
}

TEST_F(KubeSourceTest, OwnObjectsThatAreForbiddenAreAGapAndThoseThatAreNotInstalledAreNone) {
  serve([](const std::string& path, int) {
    if (path.ends_with("/scanexemptions")) return json(403, R"({"reason":"Forbidden","message":"no"})");
    if (path.ends_with("/clusterscanpolicies")) return json(404, R"({"reason":"NotFound","message":"none"})");
    return json(200, list(""));
  });
  read();
  ASSERT_EQ(facts_.gaps.size(), 1u);
  EXPECT_EQ(facts_.gaps[0].part + ": " + facts_.gaps[0].reason,
            "scanexemptions: GET /apis/initscan.io/v1alpha1/scanexemptions: 403 Forbidden: no");
  EXPECT_FALSE(facts_.exemptions);
  ASSERT_TRUE(facts_.scan_policies);
  EXPECT_TRUE(facts_.scan_policies->empty());
}

TEST_F(KubeSourceTest, AServerThatNobodyReachesIsAskedNoMore) {
  config_.host = "127.0.0.1";
  config_.port = "1";
  const auto start = std::chrono::steady_clock::now();
  read();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 60s) << "ten lists, each with its own attempts";
  EXPECT_EQ(facts_.gaps.size(), kFactKinds);
  EXPECT_THAT(gaps_, ElementsAre("pods: https://127.0.0.1:1: cannot connect: Connection refused"));
}

}  // namespace
}  // namespace initscan::audit
