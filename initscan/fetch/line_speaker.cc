#include "initscan/fetch/line_speaker.h"

#include "common/text/visible.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <sys/prctl.h>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxWords = 2048;
constexpr std::chrono::milliseconds kBetweenProgress{200};

}  // namespace

void LineSpeaker::say(const FetchLine& line) {
  const std::lock_guard lock(mutex_);
  std::printf("%s\n", write_line(line).c_str());
  std::fflush(stdout);
}

void LineSpeaker::say_failed(const std::string& name, const Error& error) {
  std::string words = visible(error.text);
  words.resize(std::min(words.size(), kMaxWords));
  say({FetchLine::Kind::failed, name, 0, 0, std::move(words)});
}

FetchProgress LineSpeaker::progress_of(const std::string& name) {
  return [this, name, told = Clock::time_point{}](std::uint64_t bytes, std::uint64_t total) mutable {
    if (Clock::now() - told < kBetweenProgress) return;
    told = Clock::now();
    say({FetchLine::Kind::progress, name, bytes, total, {}});
  };
}

Result<void> end_with_parent() {
  if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == 0) return {};
  return Error{Errc::io, std::string("cannot be bound to its parent: ") + std::strerror(errno)};
}

}  // namespace initscan
