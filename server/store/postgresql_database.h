#pragma once

#include "server/store/database.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace initscan::server {

struct PostgresqlClose {
  void operator()(pg_conn* connection) const;
};
struct PostgresqlClear {
  void operator()(pg_result* result) const;
};
using PostgresqlConnection = std::unique_ptr<pg_conn, PostgresqlClose>;
using PostgresqlResult = std::unique_ptr<pg_result, PostgresqlClear>;

// A value for a statement, as libpq takes it: the bytes outlive the statement.
struct PostgresqlValue {
  unsigned type = 0;  // PostgreSQL's number for it
  const char* bytes = nullptr;
  int size = 0;
};

/// Whether a connection string of libpq says a password.
bool has_password(const std::string& url);

// A connection to PostgreSQL. Every wait has an end: whoever does not answer in time is given up, and with it the
// connection.
class PostgresqlDatabase : public Database {
 public:
  /// `url` is a connection string of libpq; what it does not say, libpq's environment does. It is ready for queries
  /// when this returns, and has whatever schema it has. Errors: usage - no connection string; unavailable - not
  /// reached, or it cannot take anybody now; refused - it does not let us in, or is not whom we would believe;
  /// unsupported - a server or an encoding that is not used here.
  static Result<std::unique_ptr<PostgresqlDatabase>> connect(const std::string& url);

  /// Brings the schema up to date. Errors: malformed - it has tables of another program; those of migrate().
  Result<void> migrate();

  Result<Query> query(const char* sql) override;
  Result<void> execute(const char* sql) override;
  Result<void> transaction(const std::function<Result<void>()>& work) override;
  Result<void> transaction_alone(const std::function<Result<void>()>& work) override;
  Result<std::int64_t> bytes() override;
  Result<std::int64_t> version() override;
  Result<void> take_step(const char* step, std::int64_t next_version) override;
  const std::string& name() const override { return name_; }

  /// It is of no more use.
  bool is_broken() const { return connection_ == nullptr; }

  /// The last transaction was told to end when the connection broke: nobody knows whether it did.
  bool is_outcome_unknown() const { return is_outcome_unknown_; }

  /// Whether what is sent can be read on its way: it goes over a network, and not through TLS.
  bool is_readable_on_its_way() const;

  /// For statements: prepares `sql` for values of these types where it is not, and runs it. Errors: of execute().
  Result<PostgresqlResult> run(const std::string& sql, const std::vector<PostgresqlValue>& values);

 private:
  explicit PostgresqlDatabase(PostgresqlConnection connection);
  Result<void> settle();
  Result<void> check_owner();
  Result<void> transaction_from(const char* begin, const std::function<Result<void>()>& work);
  Result<void> commit();
  Result<PostgresqlResult> send(const std::function<bool(pg_conn*)>& start);
  Result<PostgresqlResult> wait();
  Result<bool> wait_for_bytes(std::chrono::steady_clock::time_point end, bool has_more_to_send);
  Error failure(const pg_result* result) const;
  Error give_up(std::string_view why);

  PostgresqlConnection connection_;  // nullptr: it broke
  std::string name_;
  std::chrono::milliseconds patience_;
  bool is_outcome_unknown_ = false;
  std::map<std::string, std::string, std::less<>> prepared_;  // by SQL: what it is called there
};

}  // namespace initscan::server
