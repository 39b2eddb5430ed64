// Against a server of ours that answers as API servers do when pods are large, deep, or nobody's business.
#include "common/kube/reflector.h"

#include "tests/unit/common/kube/tls_server.h"

#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::size_t kPageBytes = 4000;
constexpr std::size_t kEventBytes = 2000;

std::string named(const std::string& name, const std::string& more = "1") {
  return R"({"metadata":{"name":")" + name + R"(","resourceVersion":"8"},"more":)" + more + "}";
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

class Reflected : public testing::Test {
 protected:
  // Lists objects, `continue` being the place of the next one, and answers watches with `events`.
  void serve(std::vector<std::string> objects, std::string events = {}) {
    server_.start([this, objects = std::move(objects), events = std::move(events)](const HttpRequest& request) {
      if (request.query.find("watch=true") != std::string::npos) return HttpResponse{200, "application/json", events};
      const auto number = [&](const std::string& key) -> std::size_t {
        const std::size_t at = request.query.find(key + '=');
        return at == std::string::npos ? 0 : std::stoul(request.query.substr(at + key.size() + 1));
      };
      const std::size_t from = number("continue");
      const std::size_t to = std::min(objects.size(), from + number("limit"));
      {
        const std::lock_guard lock(mutex_);
        limits_asked_.push_back(number("limit"));
      }
      std::string items;
      for (std::size_t i = from; i < to; ++i) items += (i > from ? "," : "") + objects[i];
      const std::string next = to < objects.size() ? std::to_string(to) : "";
      return HttpResponse{
          200, "application/json",
          R"({"metadata":{"resourceVersion":"7","continue":")" + next + R"("},"items":[)" + items + "]}"};
    });
  }

  void follow(std::chrono::milliseconds time, bool takes_large = true) {
    ReflectorEvents events;
    events.listed = [this](const Json* object) {
      if (object != nullptr) tell("listed", *object);
    };
    events.replaced = [this](const std::vector<Json>&) { told_.push_back("all"); };
    events.changed = [this](const Json& object) { tell("changed", object); };
    events.deleted = [this](const Json& object) { tell("deleted", object); };
    events.contact = [this](const Result<void>& state) {
      if (!state) error_ = state.error().text;
    };
    if (takes_large) events.too_large = [this](const Json& object) { tell("too large", object); };
    KubeLimits limits;
    limits.body_bytes = kPageBytes;
    limits.event_bytes = kEventBytes;
    boost::asio::io_context io(1);
    KubeClient client(server_.config(), limits);
    Reflector reflector(client, "/api/v1/pods", std::move(events), {8, false});
    boost::asio::co_spawn(io, reflector.run(), boost::asio::detached);
    io.run_for(time);
    is_synced_ = reflector.is_synced();
    age_ = reflector.age();
  }

  std::vector<std::string> first(std::size_t count) const {
    return {told_.begin(), told_.begin() + static_cast<std::ptrdiff_t>(std::min(count, told_.size()))};
  }

  TlsServer server_;
  std::vector<std::string> told_;
  std::string error_;
  bool is_synced_ = false;
  std::chrono::seconds age_{0};
  std::mutex mutex_;
  std::vector<std::size_t> limits_asked_;

 private:
  void tell(const std::string& what, const Json& object) {
    told_.push_back(what + ' ' + object["metadata"]["name"].get<std::string>());
  }
};

using Told = std::vector<std::string>;

TEST_F(Reflected, ListsWhatNoPageOfTheUsualSizeHolds) {
  std::vector<std::string> objects;
  Told want;
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(i);
    objects.push_back(named(name, '"' + std::string(i < 4 ? 10 : 1500, 'x') + '"'));
    want.push_back("listed " + name);
  }
  want.push_back("all");
  serve(objects);
  follow(500ms);
  EXPECT_EQ(first(13), want) << error_;
  EXPECT_TRUE(is_synced_);
  EXPECT_EQ(limits_asked_.front(), 8u);
  EXPECT_EQ(*std::min_element(limits_asked_.begin(), limits_asked_.end()), 2u);
}

TEST_F(Reflected, AsksForLargePagesAgainBehindWhatWasLarge) {
  std::vector<std::string> objects(4, named("large", '"' + std::string(3000, 'x') + '"'));
  objects.insert(objects.end(), 40, named("small"));
  serve(objects);
  follow(500ms);
  EXPECT_TRUE(is_synced_) << error_;
  EXPECT_EQ(limits_asked_.back(), 8u);
  EXPECT_LT(limits_asked_.size(), 20u);
}

TEST_F(Reflected, SaysSoWhereOneObjectIsLargerThanAnyPage) {
  serve({named("small"), named("huge", '"' + std::string(kPageBytes, 'x') + '"')});
  follow(500ms);
  EXPECT_FALSE(is_synced_);
  EXPECT_EQ(error_, "/api/v1/pods?limit=1&continue=1: a body of more than 4000 bytes");
}

TEST_F(Reflected, KnowsByNameWhatIsTooDeepToBeRead) {
  serve({named("before"), named("deep", nested(300)), named("after")},
        event("MODIFIED", named("deep", nested(300))) + event("ADDED", named("next")));
  follow(500ms);
  EXPECT_EQ(first(6),
            (Told{"listed before", "too large deep", "listed after", "all", "too large deep", "changed next"}))
      << error_;
}

TEST_F(Reflected, HearsWhatFollowsAnEventThatIsTooLarge) {
  const std::string large = named("large", '"' + std::string(400'000, 'x') + '"');
  serve({}, event("ADDED", large) + event("ADDED", named("next")) + event("DELETED", large));
  follow(500ms);
  EXPECT_EQ(first(4), (Told{"all", "too large large", "changed next", "deleted large"})) << error_;
}

TEST_F(Reflected, TakesNothingThatItCannotReadWhereNobodyWantsItsBeginning) {
  serve({named("deep", nested(300))});
  follow(500ms, false);
  EXPECT_FALSE(is_synced_);
  EXPECT_EQ(error_, "/api/v1/pods: no list of objects");
}

TEST_F(Reflected, AgesFromTheStartWhereNothingWasEverKnown) {
  server_.start([](const HttpRequest&) { return HttpResponse{403, "application/json", R"({"message":"no"})"}; });
  follow(2500ms);
  EXPECT_EQ(error_, "GET /api/v1/pods: 403: no");
  EXPECT_GE(age_, 2s) << "each try is no new start";
}

}  // namespace
}  // namespace initscan
