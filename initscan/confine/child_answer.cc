#include "initscan/confine/child_answer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kPieceBytes = 64 << 10;  // what a pipe holds
constexpr milliseconds kToDie{1000};           // a killed process may hang in a read that never ends

constexpr std::string_view kWho = "the process that reads it ";

std::string in_words(milliseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return seconds == time ? std::to_string(seconds.count()) + " s" : std::to_string(time.count()) + " ms";
}

class Waiting {
 public:
  Waiting(pid_t child, int pipe, const ChildLimits& limits)
      : child_(child), pipe_(pipe), limits_(limits), deadline_(Clock::now() + limits.time) {}

  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // It never outlives this.
  ~Waiting() {
    if (is_gone_) return;
    kill(child_, SIGKILL);
    (void)status_until(Clock::now() + kToDie);
  }

  Result<ChildAnswer> answer() {
    std::string words;
    if (auto read = read_all(words); !read) return read.error();
    const auto status = status_until(deadline_);
    if (!status) return too_slow();
    if (WIFSIGNALED(*status)) return was_ended(WTERMSIG(*status));
    const int code = WEXITSTATUS(*status);
    if (code == kAnswers && words.empty()) return Error{Errc::truncated, std::string(kWho) + "ended without a word"};
    if (code == kAnswers) return ChildAnswer{std::move(words), false};
    if (code != kComplains || words.empty()) {
      return Error{Errc::io, std::string(kWho) + "ended with exit code " + std::to_string(code)};
    }
    words.resize(std::min(words.size(), kMaxComplaintBytes));
    return ChildAnswer{std::move(words), true};
  }

 private:
  Result<void> read_all(std::string& words) {
    std::array<char, kPieceBytes> piece;
    for (;;) {
      if (!is_ready()) return too_slow();
      const ssize_t n = read(pipe_, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Error{Errc::io, std::string("cannot read: ") + std::strerror(errno)};
      if (n == 0) return {};
      if (words.size() + static_cast<std::size_t>(n) > limits_.answer_bytes) {
        return Error{Errc::over_limit, std::string(kWho) + "says more than the limit of " +
                                           std::to_string(limits_.answer_bytes) + " bytes"};
      }
      words.append(piece.data(), static_cast<std::size_t>(n));
    }
  }

  // Whether there is anything to read, or the end, before the time is up.
  bool is_ready() const {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
      if (left.count() <= 0) return false;
      pollfd wanted{pipe_, POLLIN, 0};
      const int ready = poll(&wanted, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return true;  // read() says what is wrong
    }
  }

  // A child ends right after its pipe; one that does not is not waited for without an end.
  std::optional<int> status_until(Clock::time_point end) {
    for (auto pause = std::chrono::microseconds(20);; pause = std::min(2 * pause, std::chrono::microseconds(10'000))) {
      int status = 0;
      const pid_t reaped = waitpid(child_, &status, WNOHANG);
      is_gone_ = reaped == child_ || (reaped < 0 && errno != EINTR);
      if (reaped == child_) return status;
      if (is_gone_ || Clock::now() >= end) return std::nullopt;
      std::this_thread::sleep_for(pause);
    }
  }

  Error too_slow() const {
    return {Errc::io, std::string(kWho) + "takes longer than the limit of " + in_words(limits_.time)};
  }

  static Error was_ended(int signal) {
    const char* const description = sigdescr_np(signal);
    return {Errc::io, std::string(kWho) + "was ended by signal " + std::to_string(signal) +
                          (description == nullptr ? "" : std::string(" (") + description + ')')};
  }

  pid_t child_;
  int pipe_;
  const ChildLimits& limits_;
  Clock::time_point deadline_;
  bool is_gone_ = false;
};

}  // namespace

Result<ChildAnswer> answer_of(pid_t child, int pipe, const ChildLimits& limits) {
  return Waiting(child, pipe, limits).answer();
}

}  // namespace initscan
