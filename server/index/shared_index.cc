#include "server/index/shared_index.h"

#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/overlay/overlay_successor.h"

#include <algorithm>

#include <sys/stat.h>

namespace initscan::server {
namespace {

std::string words_of(std::optional<std::chrono::sys_seconds> date) {
  return date ? format_rfc3339(*date) : std::string("no date");
}

// Also of a Secret's or an image's mount, whose files are links to a folder that is swapped as a whole.
std::string stamp_of(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return "none ";
  std::string text;
  for (const auto number : {static_cast<std::int64_t>(facts.st_dev), static_cast<std::int64_t>(facts.st_ino),
                            static_cast<std::int64_t>(facts.st_size), static_cast<std::int64_t>(facts.st_mtim.tv_sec),
                            static_cast<std::int64_t>(facts.st_mtim.tv_nsec)}) {
    text += std::to_string(number) + ' ';
  }
  return text;
}

// Without it, or with less of it, what is known to be exploited would pass.
Result<void> overlay_may_replace(const Overlay* now, const Overlay* next) {
  if (now == nullptr) return {};
  if (next == nullptr) return Error{Errc::refused, "without an overlay, and the index in use has one"};
  const std::string why = why_no_successor(*now, *next, current_time() + kClockDifference);
  if (!why.empty()) return Error{Errc::refused, "the overlay: " + why};
  return {};
}

}  // namespace

Result<void> may_replace(const OpenIndex& now, const OpenIndex& next) {
  // nullopt is before every date.
  if (next.date() < now.date()) {
    return Error{Errc::refused, "older than the index in use: " + words_of(next.date()) + ", and that one is of " +
                                    words_of(now.date())};
  }
  const std::uint64_t before = now.advisories().rows();
  const std::uint64_t after = next.advisories().rows();
  if (after * 100 < before * kLeastPercentOfRows) {
    return Error{Errc::refused, "emptier than the index in use: " + std::to_string(after) +
                                    " statements, and that one has " + std::to_string(before)};
  }
  for (const auto& ecosystem : now.ecosystems()) {
    const bool is_there = std::any_of(next.ecosystems().begin(), next.ecosystems().end(),
                                      [&](const auto& other) { return other.name == ecosystem.name; });
    if (!is_there) { return Error{Errc::refused, "emptier than the index in use: nothing of " + ecosystem.name}; }
  }
  return overlay_may_replace(now.overlay(), next.overlay());
}

std::shared_ptr<const OpenIndex> SharedIndex::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Result<SharedIndex::Change> SharedIndex::look() {
  const std::string found = stamp_of(path_) + stamp_of(path_ + std::string(kOverlaySuffix));
  if (found == seen_) return Change::none;
  seen_ = found;
  auto next = OpenIndex::open(path_, current_time());
  const auto now = current();
  if (next && now && (*next)->identity() == now->identity()) return Change::none;
  auto allowed = next && now ? may_replace(*now, **next) : Result<void>();
  if (next && allowed) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(*next);
    return Change::taken;
  }
  ++refusals_;
  if (!next) return next.error();
  return Error(allowed.error()).within(path_);
}

std::string SharedIndex::shortcoming(std::chrono::sys_seconds now, std::optional<std::chrono::seconds> max_age) const {
  const auto index = current();
  if (!index) return "there is no index of advisories yet that can be read; the log says why";
  if (!max_age) return {};
  if (index->is_of_future()) {
    return "the index of advisories is dated in the future, " + index->advisories().data_date() +
           ": nobody can tell how old it is";
  }
  if (!index->date()) return "the index of advisories has no date, and --max-age asks for one";
  if (now - *index->date() <= *max_age) return {};
  return "the index of advisories is too old: " + format_rfc3339(*index->date());
}

}  // namespace initscan::server
