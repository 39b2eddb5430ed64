#include "initscan/fetch/line_program.h"

#include "common/descriptor.h"
#include "common/spawn.h"
#include "common/text/lines.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kPieceBytes = 16 << 10;
constexpr std::size_t kMaxLineBytes = 8 << 10;  // a longer one is none of such a program's

// Hands over whole lines until the other end is closed.
void read_lines(int from, const std::function<void(std::string_view)>& take) {
  std::string rest;
  std::array<char, kPieceBytes> piece;
  for (;;) {
    const ssize_t n = read(from, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    rest.append(piece.data(), static_cast<std::size_t>(n));
    const std::size_t end = rest.rfind('\n');
    if (end == rest.npos) {
      if (rest.size() > kMaxLineBytes) rest.clear();
      continue;
    }
    std::string_view lines(rest.data(), end + 1);
    while (!lines.empty()) take(take_line(lines));
    rest.erase(0, end + 1);
  }
}

}  // namespace

Result<std::vector<FetchLine>> run_line_program(const std::vector<std::string>& words,
                                                const std::vector<std::string>& names,
                                                const std::function<void(const FetchLine&)>& progress) {
  const std::string program = words.front().substr(words.front().rfind('/') + 1);
  std::vector<FetchLine> results;
  results.reserve(names.size());
  for (const std::string& name : names) {
    results.push_back({FetchLine::Kind::failed, name, 0, 0, program + " ended before it was done"});
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Error{Errc::io, std::string("cannot make a pipe: ") + std::strerror(errno)};
  const Descriptor own(ends[0]);
  Descriptor other(ends[1]);
  const auto child = spawn(words, other.fd(), STDOUT_FILENO);
  if (!child) return child.error();
  other = Descriptor();
  read_lines(own.fd(), [&](std::string_view text) {
    auto line = read_line(text);
    if (!line) return;
    const auto result =
        std::find_if(results.begin(), results.end(), [&](const FetchLine& one) { return one.name == line->name; });
    if (result == results.end()) return;
    progress(*line);
    if (line->kind != FetchLine::Kind::progress) *result = std::move(*line);
  });
  while (waitpid(*child, nullptr, 0) < 0 && errno == EINTR) {}
  return results;
}

}  // namespace initscan
