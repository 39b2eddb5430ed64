#include "server/commands/store_log.h"

#include "common/text/visible.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

constexpr std::chrono::minutes kBetweenTellings{1};

}  // namespace

void StoreLog::tell(const Result<void>& state) {
  const std::lock_guard lock(mutex_);
  const std::string trouble = state ? std::string() : state.error().text;
  const bool is_news = trouble != std::exchange(trouble_, trouble);
  if (!is_open_) return;
  const auto now = Clock::now();
  if (!is_news && (trouble.empty() || now - told_at_ < kBetweenTellings)) return;
  told_at_ = now;
  trouble.empty() ? spdlog::info("store: can be reached again") : spdlog::error("store: {}", visible(trouble));
}

std::string StoreLog::open() {
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  told_at_ = Clock::now();
  return trouble_;
}

}  // namespace initscan::server
