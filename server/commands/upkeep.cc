#include "server/commands/upkeep.h"

#include "common/file_io.h"
#include "common/text/visible.h"
#include "common/time/now.h"

#include <spdlog/spdlog.h>

namespace initscan::server {

Periodic::Periodic(std::chrono::milliseconds between, std::function<void()> work)
    : between_(between), work_(std::move(work)), thread_([this] { run(); }) {}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Periodic::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, between_, [this] { return is_over_; })) {
    lock.unlock();
    work_();
    lock.lock();
  }
}

void look_after(SharedIndex& index) {
  const auto change = index.look();
  if (!change) {
    spdlog::error("index not taken, the one before stays: {}", visible(change.error().text));
  } else if (*change == SharedIndex::Change::taken) {
    const auto now = index.current();
    spdlog::info("index taken sha256={} date={} statements={}", now->sha256(), now->advisories().data_date(),
                 now->advisories().rows());
  }
}

Result<void> TokenFile::read(Authenticator& authenticator) {
  auto text = read_file(path_, kMaxTokenFileBytes);
  if (!text) return std::move(text).error().within(path_);
  if (*text == text_) return {};
  text_ = std::move(*text);
  auto table = parse_token_file(text_);
  if (!table) return std::move(table).error().within(path_);
  spdlog::info("tokens read count={}", table->size());
  authenticator.use(std::move(*table));
  return {};
}

void TokenFile::look_after(Authenticator& authenticator) {
  if (auto done = read(authenticator); !done) {
    spdlog::error("tokens not read, those before stay: {}", visible(done.error().text));
  }
}

void look_after(Store& store, const Retention& retention, const AuditRetention& of_audits, ServerMetrics& metrics) {
  const auto removed = remove_old(store, retention, current_time());
  if (!removed) return spdlog::error("nothing old was removed: {}", visible(removed.error().text));
  metrics.count_removed("reports", removed->reports);
  metrics.count_removed("images", removed->images);
  metrics.count_removed("sboms", removed->sboms);
  const auto audits = remove_old_audits(store, of_audits, current_time());
  if (!audits) return spdlog::error("no old audit was removed: {}", visible(audits.error().text));
  metrics.count_removed("audits", *audits);
}

}  // namespace initscan::server
