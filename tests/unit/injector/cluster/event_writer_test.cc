// Against a server over TLS that plays the API server; a real one is met in tests/e2e.
#include "injector/cluster/event_writer.h"

#include "tests/unit/common/kube/tls_server.h"

#include <mutex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// An API server that has some pods, and remembers the events that it is sent.
class EventWriterTest : public testing::Test {
 protected:
  EventWriterTest() : settings_(InjectorConfig{}, Policy{}, ModeWish::copy, Mode::copy) {
    settings_.put(SettingsKind::namespace_,
                  Json::parse(R"({"metadata":{"name":"shop","labels":{"initscan.io/inject":"enabled"}}})"));
    server_.start([this](const HttpRequest& request) { return answer(request); });
  }

  void have(const std::string& name, Json metadata) {
    metadata["name"] = name;
    metadata["uid"] = "uid-of-" + name;
    pods_[name] = {{"metadata", metadata}, {"spec", {{"containers", {{{"name", "a"}, {"image", "a:1"}}}}}}};
  }

  // What is written of these hints, each written twice.
  std::vector<Json> events_of(const std::vector<PodHint>& hints, int times = 1) {
    const auto done = run_blocking(
        [&]() -> boost::asio::awaitable<Result<void>> {
          KubeClient client(server_.config());
          EventWriter writer(client, "injector", settings_);
          Result<void> last;
          for (int i = 0; i < times; ++i) {
            for (const PodHint& hint : hints) queue_.push(hint);
            last = co_await writer.write(queue_);
          }
          co_return last;
        },
        20s);
    EXPECT_TRUE(done) << (done ? "" : done.error().text);
    const std::lock_guard lock(mutex_);
    return events_;
  }

  HintQueue queue_;

 private:
  HttpResponse answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::string pods = "/api/v1/namespaces/shop/pods";
    if (request.method == "POST") {
      events_.push_back(Json::parse(request.body));
      return {201, "application/json", "{}"};
    }
    if (request.path == pods) {
      Json items = Json::array();
      for (const auto& [name, pod] : pods_) items.push_back({{"metadata", pod["metadata"]}});
      return {200, "application/json", Json{{"items", items}}.dump()};
    }
    const auto pod = pods_.find(request.path.substr(std::min(pods.size() + 1, request.path.size())));
    if (pod == pods_.end()) return {404, "application/json", R"({"kind":"Status"})"};
    return {200, "application/json", pod->second.dump()};
  }

  ClusterSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Json> pods_;
  std::vector<Json> events_;
  TlsServer server_;
};

const Json kLabelled = {{"labels", {{"initscan.io/inject", "disabled"}}}};

TEST_F(EventWriterTest, ABypassThatIsThereIsTold) {
  have("p", kLabelled);
  const auto events = events_of({{"shop", "p", {}, true}}, 3);
  ASSERT_EQ(events.size(), 1u) << "the same pod is told once";
  EXPECT_EQ(events[0]["reason"], "ScanBypassed");
  EXPECT_EQ(events[0]["involvedObject"]["uid"], "uid-of-p");
}

TEST_F(EventWriterTest, WhatTheApiServerDoesNotConfirmIsNotTold) {
  have("scanned", Json::object());
  EXPECT_TRUE(events_of({{"shop", "none", {}, true}, {"shop", "scanned", {}, true}, {"other", "p", {}, true}}).empty());
}

TEST_F(EventWriterTest, APodThatIsNotThereYetIsLookedForAgain) {
  PodHint hint{"shop", "late", {}, true};
  EXPECT_TRUE(events_of({hint}).empty());
  EXPECT_EQ(queue_.take().size(), 1u);
  hint.looks = 2;
  EXPECT_TRUE(events_of({hint}).empty());
  EXPECT_TRUE(queue_.take().empty()) << "not for ever";
}

TEST_F(EventWriterTest, ANameCannotLeadElsewhere) {
  have("p", kLabelled);
  EXPECT_TRUE(events_of({{"shop", "../pods/p", {}, true}}).empty());
}

TEST_F(EventWriterTest, TheControllerOfAPodWithoutANameIsTold) {
  Json metadata = kLabelled;
  metadata["generateName"] = "app-";
  metadata["ownerReferences"] =
      Json::parse(R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app","uid":"u-1","controller":true}])");
  have("app-x7", metadata);
  const auto events = events_of({{"shop", "app-", {"v9", "Forged", "other", "u-1"}, true}});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["involvedObject"]["kind"], "ReplicaSet");
  EXPECT_EQ(events[0]["involvedObject"]["name"], "app") << "as the pod says, not as the review did";
  EXPECT_TRUE(events_of({{"shop", "app-", {"apps/v1", "ReplicaSet", "app", "u-2"}, true}}).size() == 1)
      << "none of that controller's is there";
}

}  // namespace
}  // namespace initscan::injector
