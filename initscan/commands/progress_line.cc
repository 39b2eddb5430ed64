#include "initscan/commands/progress_line.h"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace initscan {
namespace {

constexpr double kMB = 1e6;

}  // namespace

ProgressLine::ProgressLine(std::size_t files, const char* what)
    : files_(files), what_(what), is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (is_shown_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(const FetchLine& line) {
  if (!is_terminal_) return;
  if (line.kind == FetchLine::Kind::progress) {
    under_way_[line.name] = line.bytes;
    totals_[line.name] = std::max(line.bytes, line.total);
  } else {
    ++done_;
  }
  double bytes = 0;
  double total = 0;
  for (const auto& [name, count] : under_way_) bytes += static_cast<double>(count);
  for (const auto& [name, count] : totals_) total += static_cast<double>(count);
  std::fprintf(stderr, "\r\033[Kfetching: %zu of %zu %s, %.1f of %.1f MB", done_, files_, what_, bytes / kMB,
               total / kMB);
  is_shown_ = true;
}

}  // namespace initscan
