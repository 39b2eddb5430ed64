#include "server/store/sqlite_store.h"

namespace initscan::server {

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, const SqliteOptions& options) {
  auto writer = SqliteDatabase::open(path, options);
  if (!writer) return writer.error();
  SqliteOptions second = options;
  second.longest_check = std::chrono::milliseconds(0);  // it was looked through a moment ago
  auto reader = SqliteDatabase::open(path, second);
  if (!reader) return reader.error();
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(*writer), std::move(*reader)));
}

Result<void> SqliteStore::write(const Work& work) {
  const std::lock_guard lock(writing_);
  return writer_->transaction([&] { return work(*writer_); });
}

Result<void> SqliteStore::read_with(const Work& work) {
  const std::lock_guard lock(reading_);
  return work(*reader_);
}

}  // namespace initscan::server
