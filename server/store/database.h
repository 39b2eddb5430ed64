#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxValueBytes = 64 << 20;  // of one text or blob in the store

// What a kind of database does for a Query.
class Statement {
 public:
  virtual ~Statement() = default;

  // The next value, from left to right. What is bound has to live until the last next().
  virtual void bind_null() = 0;
  virtual void bind_number(std::int64_t number) = 0;
  virtual void bind_text(std::string_view text) = 0;
  virtual void bind_blob(std::string_view bytes) = 0;

  virtual Result<bool> next() = 0;

  // How many rows were changed, once next() has said false.
  virtual std::int64_t changes() const = 0;

  // Of the row, by column from 0.
  virtual std::int64_t number(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual bool is_null(int column) const = 0;
};

// A statement with values bound to it, lent by its Database until it is destroyed. What is bound has to live until the
// last next(). SQL is a constant of ours; whatever came from outside is bound.
class Query {
 public:
  explicit Query(std::unique_ptr<Statement> statement) : statement_(std::move(statement)) {}

  /// The next value: $1, then $2, and so on. nullopt is NULL.
  Query& bind(std::int64_t number);
  Query& bind(std::string_view text);
  Query& bind_optional(const std::optional<std::string>& text);
  Query& bind_blob(std::string_view bytes);

  /// True: there is a row. Errors: see Database::execute(); over_limit - a value of more than kMaxValueBytes;
  /// unsupported - a text with a zero byte, which not every kind of database keeps.
  Result<bool> next();

  /// Steps to the end; how many rows were changed. Errors: of next().
  Result<std::int64_t> run();

  // Of the row, by column from 0. NULL reads as 0 and as "".
  std::int64_t number(int column) const { return statement_->number(column); }
  std::string text(int column) const { return statement_->text(column); }
  bool is_null(int column) const { return statement_->is_null(column); }

 private:
  std::unique_ptr<Statement> statement_;
  std::optional<Error> unfit_;  // what was bound
};

/// What `read` makes of each row that is left. Errors: of Query::next().
template <class Read>
Result<std::vector<std::invoke_result_t<Read&, const Query&>>> rows_of(Query& query, Read read) {
  std::vector<std::invoke_result_t<Read&, const Query&>> rows;
  for (;;) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back(read(query));
  }
}

/// The first column of each row that is left. Errors: of Query::next().
inline Result<std::vector<std::string>> texts_of(Query& query) {
  return rows_of(query, [](const Query& row) { return row.text(0); });
}

// One connection to what is kept, of whatever kind. For one thread at a time; other connections and other processes may
// use the same meanwhile. SQL is what every kind understands: values are $1, $2 and so on, first named in this order; a
// conflict that is updated names its columns; every column that is read is grouped, or none is.
class Database {
 public:
  virtual ~Database() = default;

  /// A statement, which is kept for the next time. `sql` is a constant. One at a time of the same.
  /// Errors: as of execute().
  virtual Result<Query> query(const char* sql) = 0;

  /// Runs statements without values. Errors: io; over_limit - there is no room; unavailable - busy, or not reached;
  /// malformed - damaged; refused - read only.
  virtual Result<void> execute(const char* sql) = 0;

  /// Everything that `work` writes, or nothing of it. When this returns without an error it is on the disk. Others may
  /// write meanwhile, of which `work` sees what is committed. Errors: those of `work` and of execute().
  virtual Result<void> transaction(const std::function<Result<void>()>& work) = 0;

  /// The same while nobody else writes: for what removes rows that others may be about to refer to.
  virtual Result<void> transaction_alone(const std::function<Result<void>()>& work) = 0;

  /// How much room it takes. Errors: as of execute().
  virtual Result<std::int64_t> bytes() = 0;

  /// How many of the migrations it has; and, in a transaction, one more. `step` is written for SQLite.
  virtual Result<std::int64_t> version() = 0;
  virtual Result<void> take_step(const char* step, std::int64_t next_version) = 0;

  /// What it is called in messages.
  virtual const std::string& name() const = 0;

  /// One number that SQL without values answers. Errors: as of execute(); io - there is none.
  Result<std::int64_t> number(const char* sql);
};

}  // namespace initscan::server
