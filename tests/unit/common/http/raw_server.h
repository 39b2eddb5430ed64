#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace initscan {

// What a script sends on; false once the client is gone.
class RawPeer {
 public:
  explicit RawPeer(int fd) : fd_(fd) {}

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      sent_ += static_cast<std::size_t>(sent);
    }
    return true;
  }

  /// Until the client is gone: what is sent without an end. Returns how many bytes it took.
  std::size_t send_for_ever(const std::string& bytes) {
    while (send(bytes)) {}
    return sent_;
  }

  /// Carries bytes between the client and a server on loopback until one of them is gone.
  void join(std::uint16_t port) {
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    pollfd both[] = {{fd_, POLLIN, 0}, {server, POLLIN, 0}};
    bool open = connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    while (open && poll(both, 2, -1) > 0) {
      open = (both[0].revents == 0 || carry(fd_, server)) && (both[1].revents == 0 || carry(server, fd_));
    }
    close(server);
  }

  /// Waits for the client to go.
  void wait() {
    char byte = 0;
    while (recv(fd_, &byte, 1, 0) > 0) {}
  }

 private:
  static bool carry(int from, int to) {
    char bytes[4096];
    const ssize_t got = recv(from, bytes, sizeof(bytes), 0);
    return got > 0 && RawPeer(to).send({bytes, static_cast<std::size_t>(got)});
  }

  int fd_;
  std::size_t sent_ = 0;
};

// A server on loopback that sends whatever a test writes, well-formed or not: one connection after the other, a request
// each. Ends with the object.
class RawServer {
 public:
  using Script = std::function<void(RawPeer&, int nth)>;  // nth from 1

  explicit RawServer(Script script) : script_(std::move(script)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    socklen_t size = sizeof(address);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~RawServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  int count() const { return count_; }

  /// The nth request, from 1, with its body.
  std::string request(int nth) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(nth) <= requests_.size() ? requests_[static_cast<std::size_t>(nth) - 1] : "";
  }

 private:
  void serve() {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      std::string request = read(fd);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
      }
      RawPeer peer(fd);
      script_(peer, ++count_);
      shutdown(fd, SHUT_WR);
      peer.wait();  // what is closed unread would reset the connection, and with it the answer
      close(fd);
    }
  }

  static std::string read(int fd) {
    std::string text;
    std::size_t whole = std::string::npos;
    for (char piece[4096]; text.size() < whole;) {
      const ssize_t got = recv(fd, piece, sizeof(piece), 0);
      if (got <= 0) break;
      text.append(piece, static_cast<std::size_t>(got));
      const std::size_t end = text.find("\r\n\r\n");
      if (end == text.npos) continue;
      constexpr std::string_view kLength = "Content-Length: ";
      const std::size_t length = text.find(kLength);
      whole = end + 4 + (length < end ? std::strtoul(text.c_str() + length + kLength.size(), nullptr, 10) : 0);
    }
    return text;
  }

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> count_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace initscan
