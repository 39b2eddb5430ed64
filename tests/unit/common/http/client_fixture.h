#pragma once

#include "common/http/client.h"
#include "tests/unit/common/http/raw_server.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace initscan {

inline const std::string kNothing = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A script that answers each request with the same.
inline RawServer::Script always(std::string answer) {
  return [answer = std::move(answer)](RawPeer& peer, int) { peer.send(answer); };
}

/// A script that answers with one after the other.
inline RawServer::Script in_turn(std::vector<std::string> answers) {
  return [answers = std::move(answers)](RawPeer& peer, int nth) {
    peer.send(answers.at(static_cast<std::size_t>(nth) - 1));
  };
}

// A client that does not wait for long, with no proxy but a test's own.
class HttpClientTest : public testing::Test {
 protected:
  HttpClientTest() {
    for (const char* const name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
      unsetenv(name);
    }
    options_.limits.first_wait = std::chrono::milliseconds(2);
    options_.limits.total = std::chrono::seconds(20);
  }
  ~HttpClientTest() override {
    for (const char* const name : {"http_proxy", "https_proxy", "no_proxy"}) unsetenv(name);
  }

  Result<HttpReply> get(const std::string& url) {
    request_.url = url;
    return HttpClient(options_).send(request_);
  }

  HttpClientOptions options_;
  HttpClientRequest request_;
};

}  // namespace initscan
