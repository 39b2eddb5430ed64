// Who is told what of who asks, whatever a registry says.
#include "initscan/registry/registry_client.h"

#include "common/crypto/base64.h"
#include "common/file_io.h"
#include "tests/unit/common/http/client_fixture.h"
#include "tests/unit/initscan/fetch/own_folder.h"

namespace initscan {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');
const std::string kBasic = "Basic " + base64_encode("user:secret");
constexpr const char* kFound = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
constexpr const char* kBody = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

std::string unauthorized(const std::string& challenge) {
  return "HTTP/1.1 401 X\r\nWWW-Authenticate: " + challenge + "\r\nContent-Length: 0\r\n\r\n";
}

std::string token_answer(const std::string& token) {
  const std::string body = "{\"token\":\"" + token + "\"}";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class RegistryClientTest : public HttpClientTest {
 protected:
  RegistryClientTest() { EXPECT_TRUE(make_kept_folder(folder_.path())); }

  RegistryClient client(std::string url, bool is_writing = false, bool is_known = true) {
    while (url.ends_with('/')) url.pop_back();
    RegistryClientOptions options{std::move(url), "a/b", is_writing};
    if (is_known) options.credentials = RegistryCredentials{"user", "secret"};
    auto made = RegistryClient::make(std::move(options));
    EXPECT_TRUE(made);
    return std::move(*made);
  }

  Result<Fetched> bring(RegistryClient client) {
    return client.bring("manifests/v1", "application/x", 1000, file_, [](std::uint64_t, std::uint64_t) {});
  }

  std::string words_of(const Result<Fetched>& brought) { return brought ? "it was brought" : brought.error().text; }

  const OwnFolder folder_;
  const KeptFile file_{folder_.path(), "manifest"};
};

TEST_F(RegistryClientTest, ShowsNobodyWhereNobodyAsks) {
  const RawServer server(in_turn({kFound, kBody}));
  const auto brought = bring(client(server.url()));
  ASSERT_TRUE(brought) << brought.error().text;
  EXPECT_EQ(*read_file(file_.new_path(), 100), "abc");
  for (const int nth : {1, 2}) {
    EXPECT_FALSE(holds(server.request(nth), "Authorization")) << server.request(nth);
    EXPECT_TRUE(holds(server.request(nth), "Accept: application/x\r\n"));
  }
  EXPECT_TRUE(server.request(2).starts_with("GET /v2/a/b/manifests/v1 HTTP/1.1\r\n"));
}

TEST_F(RegistryClientTest, ShowsAPasswordWhereItIsAskedFor) {
  const RawServer server(in_turn({unauthorized("Basic realm=\"x\""), kFound, kBody}));
  ASSERT_TRUE(bring(client(server.url())));
  EXPECT_FALSE(holds(server.request(1), "Authorization"));
  for (const int nth : {2, 3}) EXPECT_TRUE(holds(server.request(nth), "Authorization: " + kBasic + "\r\n"));
}

TEST_F(RegistryClientTest, ChangesAPasswordForATokenOfItsOwnScope) {
  std::string realm;
  const RawServer server([&](RawPeer& peer, int nth) {
    const std::string challenge =
        "Bearer realm=\"" + realm + "\",service=\"the registry\",scope=\"repository:other:pull,push\"";
    const std::string answers[] = {unauthorized(challenge), token_answer("t0ken"), kFound, kBody};
    peer.send(answers[nth - 1]);
  });
  realm = server.url("/token?account=x");
  const auto brought = bring(client(server.url()));
  ASSERT_TRUE(brought) << brought.error().text;
  EXPECT_TRUE(server.request(2).starts_with(
      "GET /token?account=x&service=the%20registry&scope=repository%3Aa/b%3Apull HTTP/1.1\r\n"))
      << server.request(2);
  EXPECT_TRUE(holds(server.request(2), "Authorization: " + kBasic + "\r\n"));
  for (const int nth : {3, 4}) EXPECT_TRUE(holds(server.request(nth), "Authorization: Bearer t0ken\r\n"));
}

TEST_F(RegistryClientTest, ATokenThatHasEndedIsChanged) {
  std::string realm;
  const RawServer server([&](RawPeer& peer, int nth) {
    const std::string challenge = unauthorized("Bearer realm=\"" + realm + "\"");
    const std::string answers[] = {challenge, token_answer("one"), kFound, challenge,
                                   challenge, token_answer("two"), kFound, kBody};
    peer.send(answers[nth - 1]);
  });
  realm = server.url("/token");
  const auto brought = bring(client(server.url()));
  ASSERT_TRUE(brought) << brought.error().text;
  EXPECT_TRUE(holds(server.request(8), "Authorization: Bearer two\r\n"));
}

// Where it is asked for by plain http and elsewhere, or in a way that is not understood, nothing is shown.
TEST_F(RegistryClientTest, ShowsNothingToWhomItIsNotFor) {
  const RawServer thief(always(token_answer("x")));
  const std::pair<std::string, const char*> rows[] = {
      {"Bearer realm=\"" + thief.url("/token") + "\"", "nothing is asked there by plain http"},
      {"Bearer realm=\"http://auth.example.com/token\"", "nothing is asked there by plain http"},
      {"Bearer realm=\"file:///etc/passwd\"", "names no URL that gives tokens"},
      {"Bearer service=\"x\"", "names no URL that gives tokens"},
      {"Negotiate", "of a kind that is not known here"},
      {"Basic realm=\"x", "a quotation without an end"},
  };
  for (const auto& [challenge, why] : rows) {
    const RawServer server(always(unauthorized(challenge)));
    const auto brought = bring(client(server.url()));
    EXPECT_TRUE(holds(words_of(brought), why)) << words_of(brought);
    EXPECT_EQ(server.count(), 1);
  }
  EXPECT_EQ(thief.count(), 0);
}

TEST_F(RegistryClientTest, ARedirectTakesNothingAlong) {
  const RawServer other(always(kBody));
  const RawServer server([&](RawPeer& peer, int nth) {
    peer.send(nth == 1 ? unauthorized("Basic realm=x")
                       : "HTTP/1.1 307 X\r\nLocation: " + other.url("/blob") + "\r\nContent-Length: 0\r\n\r\n");
  });
  const auto brought = bring(client(server.url()));
  ASSERT_TRUE(brought) << brought.error().text;
  EXPECT_EQ(other.count(), 2);
  for (const int nth : {1, 2}) EXPECT_FALSE(holds(other.request(nth), "Authorization")) << other.request(nth);
}

TEST_F(RegistryClientTest, SaysWhatToDoAboutWhoAsks) {
  const RawServer server(always(unauthorized("Basic realm=x")));
  EXPECT_TRUE(
      holds(words_of(bring(client(server.url(), false, false))), "--auth names a file with credentials for 127.0.0.1"));
  EXPECT_TRUE(holds(words_of(bring(client(server.url()))), "are the credentials for 127.0.0.1"));
}

TEST_F(RegistryClientTest, SendsABlobOnceAndWhereItIsWanted) {
  ASSERT_TRUE(write_file(folder_.path() + "/blob", "abc"));
  const RawServer server(
      in_turn({"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", unauthorized("Basic realm=x"),
               "HTTP/1.1 202 X\r\nLocation: /v2/a/b/blobs/uploads/1?state=x\r\nContent-Length: 0\r\n\r\n",
               "HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n", kFound}));
  auto sender = client(server.url(), true);
  const auto sent = sender.send_blob(kDigest, folder_.path() + "/blob");
  ASSERT_TRUE(sent) << sent.error().text;
  EXPECT_TRUE(*sent);
  EXPECT_TRUE(server.request(4).starts_with("PUT /v2/a/b/blobs/uploads/1?state=x&digest=sha256%3A"))
      << server.request(4);
  EXPECT_TRUE(server.request(4).ends_with("\r\n\r\nabc"));
  EXPECT_TRUE(holds(server.request(4), "Authorization: " + kBasic));
  const auto again = sender.send_blob(kDigest, folder_.path() + "/blob");
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again);
}

TEST_F(RegistryClientTest, SendsABlobElsewhereWithoutTheCredentials) {
  ASSERT_TRUE(write_file(folder_.path() + "/blob", "abc"));
  const RawServer other(always("HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n"));
  const RawServer server([&](RawPeer& peer, int nth) {
    peer.send(nth == 1   ? unauthorized("Basic realm=x")
              : nth == 2 ? "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
                         : "HTTP/1.1 202 X\r\nLocation: " + other.url("/up") + "\r\nContent-Length: 0\r\n\r\n");
  });
  ASSERT_TRUE(client(server.url(), true).send_blob(kDigest, folder_.path() + "/blob"));
  EXPECT_EQ(other.count(), 1);
  EXPECT_FALSE(holds(other.request(1), "Authorization"));
}

TEST_F(RegistryClientTest, SendsNoBlobWhereNobodySaysWhere) {
  ASSERT_TRUE(write_file(folder_.path() + "/blob", "abc"));
  const std::string missing = "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n";
  for (const char* location : {"", "Location: ftp://127.0.0.1/x\r\n", "Location: x\r\n"}) {
    const RawServer server(
        in_turn({missing, std::string("HTTP/1.1 202 X\r\n") + location + "Content-Length: 0\r\n\r\n"}));
    const auto sent = client(server.url(), true).send_blob(kDigest, folder_.path() + "/blob");
    ASSERT_FALSE(sent) << location;
    EXPECT_TRUE(holds(sent.error().text, "Location")) << sent.error().text;
  }
}

TEST_F(RegistryClientTest, SeesThatAManifestWasKeptAsAnother) {
  ASSERT_TRUE(write_file(folder_.path() + "/m", "{}"));
  const std::string kept = "HTTP/1.1 201 X\r\nDocker-Content-Digest: " + kDigest + "\r\nContent-Length: 0\r\n\r\n";
  const RawServer server(always(kept));
  auto sender = client(server.url(), true);
  EXPECT_TRUE(sender.send_manifest("v1", "application/x", kDigest, folder_.path() + "/m"));
  EXPECT_TRUE(server.request(1).starts_with("PUT /v2/a/b/manifests/v1 HTTP/1.1\r\n"));
  EXPECT_TRUE(holds(server.request(1), "Content-Type: application/x\r\n"));
  const auto other =
      sender.send_manifest("v1", "application/x", "sha256:" + std::string(64, 'c'), folder_.path() + "/m");
  ASSERT_FALSE(other);
  EXPECT_TRUE(holds(other.error().text, "which is not what was sent"));
}

}  // namespace
}  // namespace initscan
