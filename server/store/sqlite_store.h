#pragma once

#include "server/store/sqlite_database.h"
#include "server/store/store.h"

#include <memory>
#include <mutex>
#include <string>

namespace initscan::server {

// A SQLite file, by one connection that writes and one that reads meanwhile.
class SqliteStore : public Store {
 public:
  /// Errors: see SqliteDatabase::open().
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, const SqliteOptions& options = {});

  Result<void> write(const Work& work) override;
  Result<void> write_alone(const Work& work) override { return write(work); }

  bool is_damaged() const override { return writer_->is_damaged() || reader_->is_damaged(); }

  bool was_checked_as_a_whole() const { return writer_->was_checked_as_a_whole(); }

 private:
  SqliteStore(std::unique_ptr<SqliteDatabase> writer, std::unique_ptr<SqliteDatabase> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}
  Result<void> read_with(const Work& work) override;

  std::mutex writing_;
  std::mutex reading_;
  const std::unique_ptr<SqliteDatabase> writer_;  // what it points to: under writing_
  const std::unique_ptr<SqliteDatabase> reader_;  // under reading_
};

}  // namespace initscan::server
