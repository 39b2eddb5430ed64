#pragma once

#include "common/http/server.h"
#include "tests/unit/temporary_folder.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <gtest/gtest.h>

// A server of ours on loopback and a client that speaks to it, well-formed or not.
namespace initscan::http_test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

// A certificate with its key in a folder of its own, made by openssl.
class NewCertificate {
 public:
  NewCertificate() {
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout " +
        folder() + "/key.pem -out " + folder() + "/cert.pem 2>/dev/null";
    if (std::system(make.c_str()) != 0) std::abort();
  }
  std::string folder() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

inline std::string certificate_folder() {
  static const NewCertificate certificate;
  return certificate.folder();
}

inline HttpServerOptions options() {
  HttpServerOptions made;
  made.address = "127.0.0.1";
  made.certificate_file = certificate_folder() + "/cert.pem";
  made.key_file = certificate_folder() + "/key.pem";
  made.drain = std::chrono::seconds(0);
  made.finish = std::chrono::seconds(5);
  return made;
}

// A server that answers a path with itself, on a thread of its own.
class Running {
 public:
  explicit Running(const HttpServerOptions& with, HttpServer::Handler handler = echo,
                   HttpServer::WaitingHandlerFor waiting = {})
      : server_(*HttpServer::open(with, std::move(handler), std::move(waiting))), thread_([this] { server_->run(); }) {}
  ~Running() { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  HttpServer& server() { return *server_; }

 private:
  static HttpResponse echo(const HttpRequest& request) {
    HttpResponse response;
    response.body = request.path + ' ' + std::to_string(request.body.size());
    return response;
  }

  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(std::uint16_t port, const char* from = "127.0.0.1") : stream_(io_, tls_) {
    auto& socket = beast::get_lowest_layer(stream_).socket();
    socket.open(tcp::v4());
    socket.bind(tcp::endpoint(asio::ip::make_address(from), 0));
    socket.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
    stream_.handshake(asio::ssl::stream_base::client);
  }

  http::response<http::string_body> ask(const std::string& target, const std::string& body = "") {
    http::request<http::string_body> request(body.empty() ? http::verb::get : http::verb::post, target, 11);
    request.set(http::field::host, "localhost");
    request.body() = body;
    request.prepare_payload();
    return ask(request);
  }

  template <class Body>
  http::response<http::string_body> ask(const http::request<Body>& request) {
    http::write(stream_, request);
    http::response<http::string_body> response;
    http::read(stream_, buffer_, response);
    return response;
  }

  // What tells the server's certificate from others.
  std::string serial() {
    X509* const certificate = SSL_get1_peer_certificate(stream_.native_handle());
    const ASN1_INTEGER* const number = X509_get0_serialNumber(certificate);
    const std::string bytes(reinterpret_cast<const char*>(number->data), static_cast<std::size_t>(number->length));
    X509_free(certificate);
    return bytes;
  }

  void write(const std::string& bytes) { asio::write(stream_, asio::buffer(bytes)); }

  // The head of an answer that has no body.
  http::response<http::string_body> read_head() {
    http::response_parser<http::string_body> parser;
    parser.skip(true);
    http::read(stream_, buffer_, parser);
    return parser.release();
  }

  // Sends raw bytes and returns the status of the answer, 0 where the connection was closed instead.
  unsigned send(const std::string& bytes) {
    beast::error_code ec;
    asio::write(stream_, asio::buffer(bytes), ec);
    http::response<http::string_body> response;
    http::read(stream_, buffer_, response, ec);
    return ec ? 0 : response.result_int();
  }

 private:
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

}  // namespace initscan::http_test
