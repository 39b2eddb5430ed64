// The whole API in this process, over TLS: what several clients ask at once, while the index is replaced.
#include "server/api/api.h"

#include "common/crypto/sha256.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/policy/policy_file.h"
#include "server/store/sqlite_store.h"
#include "tests/unit/common/http/running_server.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace initscan::server {
namespace {

namespace fs = std::filesystem;
namespace http = boost::beast::http;
using http_test::Client;
using http_test::Running;

constexpr const char* kToken = "secret";
constexpr const char* kSbom =
    R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"operating-system","name":"debian","version":"12"},
    {"type":"library","name":"openssl","version":"2","purl":"pkg:deb/debian/openssl@2?distro=debian-12"}]})";

std::string index_of(const fs::path& folder, int records) {
  fs::create_directory(folder);
  for (int i = 0; i < records; ++i) {
    const std::string id = "CVE-2026-" + std::to_string(1000 + i);
    std::ofstream(folder / (id + ".json"))
        << R"({"id":")" << id
        << R"(","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Debian:12","name":"openssl"},)"
        << R"("ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3"}]}]}]})";
  }
  IndexBuilder builder;
  const auto added = builder.add(feed_formats().front(), folder.string());
  EXPECT_TRUE(added) << added.error().text;
  auto built = builder.build();
  EXPECT_TRUE(built) << built.error().text;
  return built ? *built : std::string();
}

class WholeApi : public testing::Test {
 protected:
  void SetUp() override {
    auto parts = std::make_shared<ApiParts>();
    auto store = SqliteStore::open((folder_.path() / "store.db").string());
    ASSERT_TRUE(store) << store.error().text;
    parts->cluster = "one";
    parts->store = std::move(*store);
    parts->index = std::make_shared<SharedIndex>((folder_.path() / "index.db").string());
    parts->authenticator = std::make_shared<Authenticator>(nullptr);
    parts->authenticator->use(
        *parse_token_file(std::string("all scan,report,index,read,metrics ") + sha256_hex(kToken)));
    parts->limits = std::make_shared<ClientLimits>(ClientLimit{1e6, 1e6, 64});
    parts->metrics = std::make_shared<ServerMetrics>();
    parts->policy.sha256 = sha256_hex(canonical_json(parts->policy.policy));
    parts->state = [] { return Readiness{}; };
    parts->certificate_expiry = [] { return std::chrono::sys_seconds{}; };
    parts_ = parts;
    put_index(20);
    api_.emplace(parts_);
    HttpServerOptions options = http_test::options();
    options.threads = 2;
    running_.emplace(
        options, [this](const HttpRequest& request) { return api_->answer(request); },
        [this](const HttpRequest& head) { return api_->handler(head); });
  }

  void put_index(int records) {
    const fs::path part = folder_.path() / "part";
    std::ofstream(part, std::ios::binary) << index_of(folder_.path() / ("feed" + std::to_string(records)), records);
    fs::rename(part, folder_.path() / "index.db");
    const auto looked = parts_->index->look();
    EXPECT_TRUE(looked) << looked.error().text;
  }

  std::uint16_t port() { return running_->server().port(); }

  static http::request<http::string_body> request(http::verb method, const std::string& target,
                                                  const std::string& body = "") {
    http::request<http::string_body> made(method, target, 11);
    made.set(http::field::host, "localhost");
    made.set(http::field::authorization, std::string("Bearer ") + kToken);
    made.body() = body;
    made.prepare_payload();
    return made;
  }

  static std::string report(int number) {
    const std::string digit = std::to_string(number % 10);
    std::string digest = "sha256:";
    for (int i = 0; i < 64; ++i) digest += digit;
    return R"({"schema":"initscan.io/report/v1","image":{"digest":")" + digest +
           R"("},"verdict":{"schema":"initscan.io/verdict/v1","verdict":"pass","policy":{"sha256":")" +
           std::string(64, 'c') + R"("},"images":[{"number":)" + std::to_string(number) + R"(,"findings":[]}]}})";
  }

  TemporaryFolder folder_;
  std::shared_ptr<const ApiParts> parts_;
  std::optional<Api> api_;
  std::optional<Running> running_;  // last: it ends first
};

TEST_F(WholeApi, AnswersSeveralAtOnceWhileTheIndexIsReplaced) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  for (int n = 0; n < 4; ++n) {
    clients.emplace_back([&, n] {
      Client client(port());
      const auto expect = [&](const http::request<http::string_body>& asked, unsigned status) {
        if (client.ask(asked).result_int() != status) ++wrong;
      };
      for (int i = 0; i < 15; ++i) {
        expect(request(http::verb::post, "/v1/scan", kSbom), 200);
        expect(request(http::verb::post, "/v1/reports", report(100 * n + i)), 201);
        expect(request(http::verb::get, "/v1/images"), 200);
        expect(request(http::verb::get, "/v1/index"), 200);
        expect(request(http::verb::get, "/metrics"), 200);
      }
    });
  }
  for (int records = 21; records < 26; ++records) put_index(records);
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
  const auto reports = parts_->store->read([](Database& db) { return db.number("SELECT count(*) FROM reports"); });
  ASSERT_TRUE(reports);
  EXPECT_EQ(*reports, 60);
}

TEST_F(WholeApi, SaysWhatItDoesNotTake) {
  Client client(port());
  EXPECT_EQ(client.ask("/healthz").result_int(), 200U);
  const auto anonymous = client.ask("/v1/images");
  EXPECT_EQ(anonymous.result_int(), 401U);
  EXPECT_EQ(anonymous[http::field::www_authenticate], "Bearer");
  EXPECT_EQ(client.ask(request(http::verb::get, "/v1/nothing")).result_int(), 404U);
  EXPECT_EQ(client.ask(request(http::verb::put, "/v1/images")).result_int(), 405U);
}

}  // namespace
}  // namespace initscan::server
