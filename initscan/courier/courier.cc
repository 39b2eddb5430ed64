#include "initscan/courier/courier.h"

#include "common/spawn.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kPieceBytes = 64 << 10;
// The courier gives up so much earlier: it can say better than a clock what it waited for.
constexpr milliseconds kHeadStart{100};

Error failed(const char* what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

std::vector<std::string> arguments_of(const std::string& program, const CourierRoutes& routes) {
  std::vector<std::string> words{program};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.push_back(std::string(option) + '=' + value);
  };
  add("--match", routes.match_url);
  add("--report", routes.report_url);
  add("--token", routes.token_file);
  add("--ca", routes.ca_file);
  add("--ca-inline", routes.ca_inline);
  return words;
}

// One exchange with the courier, until a moment.
class Exchange {
 public:
  Exchange(int socket, Clock::time_point end) : socket_(socket), end_(end) {}

  bool write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!wait_for(POLLOUT)) return false;
      const ssize_t n = write(socket_, bytes.data(), bytes.size());
      if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (n < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // Grows with what comes: who announces much has not sent it.
  bool read_exactly(std::size_t count, std::string& bytes) {
    std::array<char, kPieceBytes> piece;
    while (bytes.size() < count) {
      if (!wait_for(POLLIN)) return false;
      const ssize_t n = read(socket_, piece.data(), std::min(piece.size(), count - bytes.size()));
      if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (n <= 0) return false;
      bytes.append(piece.data(), static_cast<std::size_t>(n));
    }
    return true;
  }

  bool is_late() const { return Clock::now() >= end_; }

 private:
  bool wait_for(short events) const {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(end_ - Clock::now());
      if (left.count() <= 0) return false;
      pollfd wanted{socket_, events, 0};
      const int ready = poll(&wanted, 1, static_cast<int>(left.count()));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
    }
  }

  const int socket_;
  const Clock::time_point end_;
};

std::string in_seconds(milliseconds time) {
  return std::to_string(time.count() / 1000) + '.' + std::to_string(time.count() / 100 % 10) + " s";
}

}  // namespace

Result<Courier> Courier::start(const std::string& program, const CourierRoutes& routes) {
  if (access(program.c_str(), X_OK) != 0) {
    return Error{errno == ENOENT ? Errc::not_found : Errc::io,
                 program + ": " + std::strerror(errno) + "; it belongs beside initscan"};
  }
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failed("cannot make a pair of sockets");
  Descriptor own(ends[0]);
  const Descriptor other(ends[1]);
  if (fcntl(own.fd(), F_SETFL, O_NONBLOCK) != 0) return failed("cannot make a socket non-blocking");
  // It may end while it is written to, and then there is an error and no signal.
  std::signal(SIGPIPE, SIG_IGN);
  const auto started = spawn(arguments_of(program, routes), other.fd(), kCourierSocket);
  if (!started) return started.error();
  return Courier(std::move(own));
}

CourierReply Courier::carry(Errand errand, std::string_view body, milliseconds time, std::size_t most_bytes) {
  if (body.size() > kMaxSentBytes) {
    return {Delivery::refused,
            "what would be sent is larger than the limit of " + std::to_string(kMaxSentBytes) + " bytes"};
  }
  if (!socket_.is_open()) return {Delivery::unreachable, "initscan-courier, which asks servers, has ended"};
  time = std::clamp(time, milliseconds(0), kLongestErrand);
  Exchange exchange(socket_.fd(), Clock::now() + time);
  const milliseconds its_time = std::max(time - kHeadStart, milliseconds(1));
  std::string head;
  std::string words;
  bool is_done = exchange.write_all(write_head(ErrandHead{errand, its_time, body.size()})) &&
                 exchange.write_all(body) && exchange.read_exactly(kDeliveryHeadBytes, head);
  if (is_done) {
    const auto delivery = read_delivery_head(head, most_bytes);
    if (delivery && exchange.read_exactly(static_cast<std::size_t>(delivery->bytes), words)) {
      return {delivery->delivery, std::move(words)};
    }
  }
  // Half an exchange: what comes next would be taken for its rest.
  socket_ = Descriptor();
  if (exchange.is_late()) return {Delivery::unreachable, "no answer within " + in_seconds(time)};
  return {Delivery::unreachable, "initscan-courier, which asks servers, has ended"};
}

}  // namespace initscan
