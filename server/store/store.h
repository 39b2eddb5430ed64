#pragma once

#include "server/store/database.h"

#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace initscan::server {

// A process's way to the store: one connection that writes, one that reads meanwhile. From any thread.
class Store {
 public:
  /// Errors: see Database::open().
  static Result<std::unique_ptr<Store>> open(const std::string& path, const DatabaseOptions& options = {});

  /// Runs `work` in a transaction of its own: all that it writes is on the disk when this returns without an error, and
  /// nothing of it is kept otherwise. Errors: those of `work` and of Database::transaction().
  Result<void> write(const std::function<Result<void>(Database&)>& work);

  /// What `work` reads of the store as it was last committed.
  template <std::invocable<Database&> Work>
  auto read(Work&& work) {
    const std::lock_guard lock(reading_);
    return std::forward<Work>(work)(reader_);
  }

  bool was_checked_as_a_whole() const { return writer_.was_checked_as_a_whole(); }
  std::int64_t max_bytes() const { return writer_.max_bytes(); }

 private:
  Store(Database writer, Database reader) : writer_(std::move(writer)), reader_(std::move(reader)) {}

  std::mutex writing_;
  std::mutex reading_;
  Database writer_;  // under writing_
  Database reader_;  // under reading_
};

}  // namespace initscan::server
