#pragma once

#include "common/http/server.h"
#include "common/kube/config.h"
#include "injector/certificates/authority.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace initscan {

// A server on loopback over TLS whose answers a test makes up: it fails as API servers do. Ends with the object.
class TlsServer {
 public:
  void start(HttpServer::Handler handler) {
    using namespace std::chrono_literals;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto authority = injector::make_authority("test", now, 1h);
    ASSERT_TRUE(authority);
    const auto leaf = injector::issue_leaf(*authority, {"localhost"}, now, 1h);
    ASSERT_TRUE(leaf);
    HttpServerOptions options;
    options.address = "127.0.0.1";
    options.drain = 0s;
    auto opened = HttpServer::open(options, std::move(handler));
    ASSERT_TRUE(opened);
    auto certificate = read_certificate(leaf->certificate, leaf->key);
    ASSERT_TRUE(certificate) << certificate.error().text;
    server_ = std::move(*opened);
    server_->use(std::move(*certificate));
    thread_ = std::thread([this] { server_->run(); });
    config_.host = "localhost";
    config_.port = std::to_string(server_->port());
    config_.ca_pem = authority->certificate;
  }

  ~TlsServer() {
    if (!server_) return;
    server_->stop();
    thread_.join();
  }

  /// How a client reaches it, once it has started.
  const KubeConfig& config() const { return config_; }

 private:
  KubeConfig config_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

}  // namespace initscan
