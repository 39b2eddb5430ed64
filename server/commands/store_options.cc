#include "server/commands/store_options.h"

#include "common/file_io.h"
#include "common/text/visible.h"
#include "server/commands/store_log.h"
#include "server/store/postgresql_store.h"
#include "server/store/sqlite_store.h"

#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

constexpr std::size_t kMaxUrlBytes = 4096;

Error usage(const char* words) {
  return {Errc::usage, words};
}

bool is_url(const std::string& place) {
  return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

Result<std::string> url_in(const std::string& path) {
  auto text = read_file(path, kMaxUrlBytes);
  if (!text) return std::move(text).error().within(path);
  text->erase(text->find_last_not_of(" \t\r\n") + 1);
  return *text;
}

// SQLite sorts in a file what is much, and in a container whose root is read-only there is no other folder for it. To
// be called before SQLite is used, and before there are threads.
void sort_beside(const std::string& path) {
  constexpr int kUnlessSet = 0;
  const auto folder = std::filesystem::path(path).parent_path();
  setenv("SQLITE_TMPDIR", folder.empty() ? "." : folder.c_str(), kUnlessSet);
}

Result<std::shared_ptr<Store>> open_sqlite(const StoreOptions& options) {
  sort_beside(options.place);
  SqliteOptions sqlite = options.sqlite;
  if (options.max_bytes) sqlite.max_bytes = *options.max_bytes;
  const auto log = std::make_shared<StoreLog>();
  sqlite.on_failure = [log](const Error& error) { log->tell(error); };
  auto store = SqliteStore::open(options.place, sqlite);
  if (!store) return store.error();
  log->open();
  if (!(*store)->was_checked_as_a_whole()) {
    spdlog::warn("store not looked through for damage as a whole: it is too large for that at a start");
  }
  return std::shared_ptr<Store>(std::move(*store));
}

Result<std::shared_ptr<Store>> open_postgresql(const StoreOptions& options) {
  PostgresqlOptions postgresql;
  postgresql.connections = options.connections;
  postgresql.url = [options] {
    return options.url_file.empty() ? Result<std::string>(options.place) : url_in(options.url_file);
  };
  const auto log = std::make_shared<StoreLog>();
  postgresql.on_change = [log](const Result<void>& state) { log->tell(state); };
  postgresql.on_readable_way = [] {
    spdlog::warn("the way to PostgreSQL is not encrypted; see sslmode=verify-full in docs/operators/server.md");
  };
  auto store = PostgresqlStore::open(postgresql);
  if (!store) return store.error();
  const std::string trouble = log->open();
  if (!(*store)->was_reached()) spdlog::error("store: not there yet, it is tried again: {}", visible(trouble));
  return std::shared_ptr<Store>(std::move(*store));
}

}  // namespace

void add_store_options(CLI::App& command, StoreOptions& options) {
  command
      .add_option("--store", options.place,
                  "Where it is kept: a SQLite file, made where there is none, or postgresql://USER@HOST/DATABASE")
      ->type_name("FILE");
  command
      .add_option("--store-url", options.url_file,
                  "Instead: a file with the URL of a PostgreSQL database, of which a password may be a part")
      ->type_name("FILE");
}

bool is_postgresql(const StoreOptions& options) {
  return !options.url_file.empty() || is_url(options.place);
}

Result<std::shared_ptr<Store>> open_store(const StoreOptions& options) {
  if (options.place.empty() == options.url_file.empty()) return usage("want --store or --store-url, and not both");
  if (!is_postgresql(options)) return open_sqlite(options);
  if (has_password(options.place)) {
    return usage("--store: every process may read a password there; use --store-url FILE, PGPASSFILE or PGPASSWORD");
  }
  return open_postgresql(options);
}

}  // namespace initscan::server
