// Which TLS a client speaks, and with whom: servers that are too old, and proxies in between.
#include "common/file_io.h"
#include "common/http/client.h"
#include "tests/unit/common/http/client_fixture.h"
#include "tests/unit/common/kube/tls_server.h"
#include "tests/unit/temporary_folder.h"

#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace initscan {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using TlsStream = ssl::stream<tcp::socket>;

// OpenSSL knows this version only at its lowest level of security.
void speak_tls_1_1_alone(ssl::context& context) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(context.native_handle(), "ALL:@SECLEVEL=0");
}

// A server on loopback that has not been brought up to date for long. Ends with the object.
class OldTlsServer {
 public:
  OldTlsServer() {
    using namespace std::chrono_literals;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto authority = injector::make_authority("test", now, 1h);
    if (!authority) throw std::runtime_error(authority.error().text);
    const auto leaf = injector::issue_leaf(*authority, {"localhost"}, now, 1h);
    if (!leaf) throw std::runtime_error(leaf.error().text);
    ca_pem_ = authority->certificate;
    context_.use_certificate_chain(asio::buffer(leaf->certificate));
    context_.use_private_key(asio::buffer(leaf->key), ssl::context::pem);
    speak_tls_1_1_alone(context_);
    thread_ = std::thread([this] { serve(); });
  }

  ~OldTlsServer() {
    shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  const std::string& ca_pem() const { return ca_pem_; }

 private:
  void serve() {
    for (;;) {
      boost::system::error_code ec;
      TlsStream stream(acceptor_.accept(io_, ec), context_);
      if (ec) return;
      stream.handshake(ssl::stream_base::server, ec);
      if (!ec) asio::write(stream, asio::buffer(kNothing), ec);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  ssl::context context_{ssl::context::tls_server};
  std::string ca_pem_;
  std::thread thread_;
};

// Whether the server is one at all, for whoever takes it as it is.
bool shakes_hands_by_tls_1_1(unsigned short port) {
  asio::io_context io;
  ssl::context context(ssl::context::tls_client);
  speak_tls_1_1_alone(context);
  TlsStream stream(io, context);
  stream.lowest_layer().connect({asio::ip::address_v4::loopback(), port});
  boost::system::error_code ec;
  stream.handshake(ssl::stream_base::client, ec);
  return !ec && SSL_version(stream.native_handle()) == TLS1_1_VERSION;
}

class HttpClientTlsTest : public HttpClientTest {
 protected:
  void trust(const std::string& ca_pem) {
    options_.ca_file = (folder_.path() / "ca.pem").string();
    ASSERT_TRUE(write_file(options_.ca_file, ca_pem));
  }

  const TemporaryFolder folder_;
};

TEST_F(HttpClientTlsTest, RefusesAServerThatSpeaksNothingNewerThanTls11) {
  const OldTlsServer server;
  ASSERT_TRUE(shakes_hands_by_tls_1_1(server.port()));
  trust(server.ca_pem());
  options_.limits.attempts = 1;
  const auto reply = get("https://localhost:" + std::to_string(server.port()) + "/");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::unavailable) << reply.error().text;
  EXPECT_NE(reply.error().text.find("protocol version"), std::string::npos) << reply.error().text;
}

TEST_F(HttpClientTlsTest, TellsAProxyTheServerAndNeitherPathNorCredentials) {
  TlsServer server;
  server.start([](const HttpRequest& request) {
    return HttpResponse{200, "text/plain", request.path + ' ' + std::string(request.header("authorization")), {}};
  });
  trust(server.config().ca_pem);
  const std::string place = "localhost:" + server.config().port;
  RawServer proxy([&](RawPeer& peer, int) {
    peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
    peer.join(static_cast<std::uint16_t>(std::stoi(server.config().port)));
  });
  setenv("https_proxy", proxy.url("").c_str(), 1);
  request_.credentials = {HttpCredentials::Kind::bearer, "", "secret"};
  const auto reply = get("https://" + place + "/path");
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->body, "/path Bearer secret") << "the server itself has both";
  const std::string told = proxy.request(1);
  EXPECT_TRUE(told.starts_with("CONNECT " + place + " HTTP/1.1\r\n")) << told;
  EXPECT_TRUE(told.ends_with("\r\n\r\n")) << told;
  EXPECT_EQ(told.find("/path"), told.npos) << told;
  EXPECT_EQ(told.find("uthorization"), told.npos) << told;
}

TEST_F(HttpClientTlsTest, TrustsTheAuthoritiesThatItIsGivenAndNoOthers) {
  TlsServer server;
  server.start([](const HttpRequest&) { return HttpResponse{200, "text/plain", "yes", {}}; });
  const std::string url = "https://localhost:" + server.config().port + "/";
  const OldTlsServer other;
  options_.ca_pem = other.ca_pem() + server.config().ca_pem;
  const auto reply = get(url);
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->body, "yes");

  trust(server.config().ca_pem);  // a file that would do, and that counts for nothing beside them
  options_.ca_pem = other.ca_pem();
  const auto refused = get(url);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::distrusted) << refused.error().text;
  EXPECT_NE(refused.error().text.find("among the certificates that were given"), std::string::npos);
  options_.ca_pem = "no certificate";
  EXPECT_FALSE(get(url));
}

TEST_F(HttpClientTlsTest, SaysThatAProxyDoesNotLetItThrough) {
  RawServer proxy(always("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n"));
  setenv("https_proxy", proxy.url("").c_str(), 1);
  options_.limits.attempts = 1;
  const auto reply = get("https://feed.invalid/path");
  ASSERT_FALSE(reply) << "what a proxy says is no answer of the server";
  EXPECT_EQ(reply.error().code, Errc::unavailable);
  EXPECT_EQ(reply.error().text,
            "https://feed.invalid/path: CONNECT tunnel failed, response 403; the proxy (https_proxy) does not let it "
            "through; is one due (no_proxy)?");
}

// Another name is another server, even where both names lead to the same one.
TEST_F(HttpClientTest, ShowsCredentialsToNoOtherHostThatARedirectLeadsTo) {
  std::string elsewhere;
  RawServer server([&](RawPeer& peer, int nth) {
    peer.send(nth == 1
                  ? "HTTP/1.1 302 x\r\nLocation: " + elsewhere + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                  : kNothing);
  });
  elsewhere = server.url("/far").replace(7, std::string("127.0.0.1").size(), "localhost");
  request_.credentials = {HttpCredentials::Kind::bearer, "", "secret"};
  request_.headers = {{"Proxy-Authorization", "secret"}};
  const auto reply = get(server.url());
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_NE(server.request(1).find("Bearer secret"), std::string::npos) << server.request(1);
  EXPECT_TRUE(server.request(2).starts_with("GET /far ")) << server.request(2);
  EXPECT_EQ(server.request(2).find("secret"), std::string::npos) << server.request(2);
}

}  // namespace
}  // namespace initscan
