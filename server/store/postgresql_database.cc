#include "server/store/postgresql_database.h"

#include "server/store/migrations.h"
#include "server/store/postgresql_failure.h"
#include "server/store/postgresql_schema.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <deque>

#include <libpq-fe.h>
#include <poll.h>

namespace initscan::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{15'000};            // with an answer; the server gives up sooner
constexpr std::chrono::milliseconds kPatienceToMigrate{600'000};  // with another replica that does, too
constexpr std::chrono::milliseconds kPatienceToAskWhy{3'000};     // a server that lets nobody in says so at once
constexpr int kOldestServer = 120'000;                            // 12.0, as libpq counts

// Of types, in pg_type.dat: they never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;

constexpr int kBinary = 1;

// Whoever writes holds this lock with others; whoever has to be alone holds it by itself. It ends with the transaction.
constexpr const char* kBegin = "BEGIN; SELECT pg_advisory_xact_lock_shared(x'696e7363'::bigint)";
constexpr const char* kBeginAlone = "BEGIN; SELECT pg_advisory_xact_lock(x'696e7363'::bigint)";

// A server whose disk may forget what it has acknowledged is not asked to, and one that we keep waiting does not wait.
constexpr const char* kSettings =
    "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '10s';"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::array<char, 8> bytes_of(std::int64_t number) {
  std::array<char, 8> bytes;
  auto rest = static_cast<std::uint64_t>(number);
  for (std::size_t place = bytes.size(); place-- > 0; rest >>= 8) bytes[place] = static_cast<char>(rest & 0xff);
  return bytes;
}

std::string_view view_of(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))};
}

std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Its rows come all at once.
class PostgresqlStatement : public Statement {
 public:
  PostgresqlStatement(PostgresqlDatabase& database, std::string sql) : database_(database), sql_(std::move(sql)) {}

  void bind_null() override { values_.push_back({kText, nullptr, 0}); }

  void bind_number(std::int64_t number) override {
    numbers_.push_back(bytes_of(number));
    bind_bytes(kInt8, {numbers_.back().data(), numbers_.back().size()});
  }

  void bind_text(std::string_view text) override { bind_bytes(kText, text); }
  void bind_blob(std::string_view bytes) override { bind_bytes(kBytea, bytes); }

  Result<bool> next() override {
    if (result_ == nullptr) {
      auto ran = database_.run(sql_, values_);
      if (!ran) return ran.error();
      result_ = std::move(*ran);
    }
    return ++row_ < PQntuples(result_.get());
  }

  std::int64_t changes() const override {
    const std::string_view digits = PQcmdTuples(result_.get());  // "" of what changes nothing
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
  }

  std::int64_t number(int column) const override {
    if (is_null(column)) return 0;
    const std::string_view bytes = view_of(result_.get(), row_, column);
    switch (PQftype(result_.get(), column)) {
      case kBool:
      case kInt8: return static_cast<std::int64_t>(big_endian(bytes));
      case kInt4: return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(bytes)));
      default: return 0;
    }
  }

  std::string text(int column) const override { return std::string(view_of(result_.get(), row_, column)); }
  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

 private:
  void bind_bytes(Oid type, std::string_view bytes) {
    // Of an empty view there may be no address, which would be NULL.
    values_.push_back({type, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size())});
  }

  PostgresqlDatabase& database_;
  const std::string sql_;
  std::vector<PostgresqlValue> values_;
  std::deque<std::array<char, 8>> numbers_;  // stay where they are
  PostgresqlResult result_;
  int row_ = -1;
};

// A password is not in any of these.
std::string name_of(const PGconn* connection) {
  return "postgresql " + std::string(text_or_empty(PQhost(connection))) + ':' +
         std::string(text_or_empty(PQport(connection))) + '/' + std::string(text_or_empty(PQdb(connection)));
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ParsedUrl = std::unique_ptr<PQconninfoOption, FreeOptions>;

// What is wrong with one is not told in libpq's words: they may repeat the password.
bool is_connection_string(const std::string& url) {
  return !url.empty() && ParsedUrl(PQconninfoParse(url.c_str(), nullptr)) != nullptr;
}

// Starts a connection, or makes one. What the connection string does not say comes from the first values, and what it
// must not say is in the last.
PGconn* connect_to(const std::string& url, PGconn* (*connect)(const char* const*, const char* const*, int)) {
  const std::array keywords{"connect_timeout",  "tcp_user_timeout",
                            "keepalives_idle",  "keepalives_interval",
                            "keepalives_count", "application_name",
                            "gssencmode",       "dbname",
                            "client_encoding",  static_cast<const char*>(nullptr)};
  const std::array values{"5",       "10000",
                          "15",      "5",
                          "3",       "initscan-server",
                          "disable", url.c_str(),
                          "UTF8",    static_cast<const char*>(nullptr)};
  return connect(keywords.data(), values.data(), 1);
}

// False: it does not come to an end in time.
bool end_attempt(PGconn* connection, Clock::time_point end) {
  for (PostgresPollingStatusType wants = PGRES_POLLING_WRITING;;) {
    // One that has failed before it could wait has no socket.
    if (PQstatus(connection) == CONNECTION_BAD || wants == PGRES_POLLING_OK) return true;
    pollfd socket{PQsocket(connection), static_cast<short>(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    if (poll(&socket, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
    wants = PQconnectPoll(connection);
  }
}

// libpq tells why a connection was not made in words alone, which a server says in its own language. So it is tried
// once more, and the words are asked for with the server's codes among them; "": that does not come to an end in time,
// or it is let in now.
std::string words_with_codes(const std::string& url) {
  const PostgresqlConnection connection(connect_to(url, PQconnectStartParams));
  if (connection == nullptr) return {};
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (!end_attempt(connection.get(), Clock::now() + kPatienceToAskWhy)) return {};
  return PQstatus(connection.get()) == CONNECTION_OK ? std::string() : PQerrorMessage(connection.get());
}

}  // namespace

bool has_password(const std::string& url) {
  const ParsedUrl parsed(PQconninfoParse(url.c_str(), nullptr));
  for (const PQconninfoOption* option = parsed.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->keyword == std::string_view("password") && option->val != nullptr) return true;
  }
  return false;
}

void PostgresqlClose::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

void PostgresqlClear::operator()(pg_result* result) const {
  PQclear(result);
}

PostgresqlDatabase::PostgresqlDatabase(PostgresqlConnection connection)
    : connection_(std::move(connection)), name_(name_of(connection_.get())), patience_(kPatience) {}

Result<std::unique_ptr<PostgresqlDatabase>> PostgresqlDatabase::connect(const std::string& url) {
  if (!is_connection_string(url)) {
    return Error{Errc::usage, "want where PostgreSQL is: postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full"};
  }
  PostgresqlConnection connection(connect_to(url, PQconnectdbParams));
  if (!connection) return Error{Errc::failed, "no memory to connect to PostgreSQL"};
  std::unique_ptr<PostgresqlDatabase> database(new PostgresqlDatabase(std::move(connection)));
  if (PQstatus(database->connection_.get()) != CONNECTION_OK) {
    return postgresql_refusal(PQerrorMessage(database->connection_.get()), words_with_codes(url), database->name());
  }
  if (auto settled = database->settle(); !settled) return settled.error();
  return database;
}

Result<void> PostgresqlDatabase::settle() {
  PGconn* const connection = connection_.get();
  if (PQserverVersion(connection) < kOldestServer) {
    return Error{Errc::unsupported, name_ + ": want PostgreSQL 12 or newer"};
  }
  if (text_or_empty(PQparameterStatus(connection, "server_encoding")) != "UTF8") {
    return Error{
        Errc::unsupported,
        name_ + ": want a database whose encoding is UTF8: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"};
  }
  // libpq would write what is no error to standard error.
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  PQsetnonblocking(connection, 1);
  return execute(kSettings);
}

bool PostgresqlDatabase::is_readable_on_its_way() const {
  if (is_broken() || PQsslInUse(connection_.get()) != 0) return false;
  const std::string_view address = text_or_empty(PQhostaddr(connection_.get()));
  return !address.empty() && address != "::1" && !address.starts_with("127.");
}

Error PostgresqlDatabase::failure(const pg_result* result) const {
  if (result == nullptr) return postgresql_failure("", PQerrorMessage(connection_.get()), name_);
  const std::string_view words = text_or_empty(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  return postgresql_failure(text_or_empty(PQresultErrorField(result, PG_DIAG_SQLSTATE)),
                            words.empty() ? text_or_empty(PQresultErrorMessage(result)) : words, name_);
}

// Ends the connection: what it still says would be taken for the answer to something else.
Error PostgresqlDatabase::give_up(std::string_view why) {
  Error error = postgresql_failure("", why, name_);
  prepared_.clear();
  connection_.reset();
  return error;
}

// False: nothing came in time.
Result<bool> PostgresqlDatabase::wait_for_bytes(Clock::time_point end, bool has_more_to_send) {
  pollfd socket{PQsocket(connection_.get()), static_cast<short>(has_more_to_send ? POLLIN | POLLOUT : POLLIN), 0};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    const int ready = poll(&socket, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return give_up(std::strerror(errno));
  }
}

// The last result of what was sent, or the first error. Whatever remains of it is taken, too.
Result<PostgresqlResult> PostgresqlDatabase::wait() {
  const auto end = Clock::now() + patience_;
  PostgresqlResult last;
  std::optional<Error> error;
  for (;;) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0) return give_up(PQerrorMessage(connection_.get()));
    if (unsent == 0 && PQisBusy(connection_.get()) == 0) {
      PostgresqlResult result(PQgetResult(connection_.get()));
      if (result == nullptr) break;
      const ExecStatusType status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !error) error = failure(result.get());
      last = std::move(result);
      continue;
    }
    const auto came = wait_for_bytes(end, unsent > 0);
    if (!came) return came.error();
    if (!*came) return give_up("no answer in time");
    if (PQconsumeInput(connection_.get()) == 0) return give_up(PQerrorMessage(connection_.get()));
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const Error lost = give_up(PQerrorMessage(connection_.get()));
    return error ? Error{lost.code, error->text} : lost;
  }
  if (error) return *error;
  if (last == nullptr) return give_up("an answer without a result");
  return last;
}

Result<PostgresqlResult> PostgresqlDatabase::send(const std::function<bool(pg_conn*)>& start) {
  if (is_broken()) return Error{Errc::unavailable, name_ + ": the connection is lost"};
  if (!start(connection_.get())) return give_up(PQerrorMessage(connection_.get()));
  return wait();
}

Result<void> PostgresqlDatabase::execute(const char* sql) {
  const auto sent = send([&](PGconn* connection) { return PQsendQuery(connection, sql) == 1; });
  return sent ? Result<void>() : Result<void>(sent.error());
}

Result<Query> PostgresqlDatabase::query(const char* sql) {
  return Query(std::make_unique<PostgresqlStatement>(*this, sql));
}

Result<PostgresqlResult> PostgresqlDatabase::run(const std::string& sql, const std::vector<PostgresqlValue>& values) {
  std::vector<Oid> types;
  std::vector<const char*> bytes;
  std::vector<int> sizes;
  for (const PostgresqlValue& value : values) {
    types.push_back(value.type);
    bytes.push_back(value.bytes);
    sizes.push_back(value.size);
  }
  const int count = static_cast<int>(values.size());
  auto known = prepared_.find(sql);
  if (known == prepared_.end()) {
    const std::string name = "q" + std::to_string(prepared_.size());
    const auto made = send([&](PGconn* connection) {
      return PQsendPrepare(connection, name.c_str(), sql.c_str(), count, types.data()) == 1;
    });
    if (!made) return made.error();
    known = prepared_.emplace(sql, name).first;
  }
  const std::vector<int> formats(values.size(), kBinary);
  return send([&](PGconn* connection) {
    return PQsendQueryPrepared(connection, known->second.c_str(), count, bytes.data(), sizes.data(), formats.data(),
                               kBinary) == 1;
  });
}

// Of a transaction that has failed the end is a success of another name.
Result<void> PostgresqlDatabase::commit() {
  is_outcome_unknown_ = true;
  const auto ended = send([](PGconn* connection) { return PQsendQuery(connection, "COMMIT") == 1; });
  is_outcome_unknown_ = is_broken();
  if (!ended) return ended.error();
  if (text_or_empty(PQcmdStatus(ended->get())) == "COMMIT") return {};
  return Error{Errc::io, name_ + ": the transaction had failed"};
}

Result<void> PostgresqlDatabase::transaction_from(const char* begin, const std::function<Result<void>()>& work) {
  is_outcome_unknown_ = false;
  auto done = execute(begin);
  if (done) done = work();
  if (done) done = commit();
  const bool is_open = !is_broken() && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
  if (is_open && !execute("ROLLBACK") && !is_broken()) give_up("a transaction that does not end");
  return done;
}

Result<void> PostgresqlDatabase::transaction(const std::function<Result<void>()>& work) {
  return transaction_from(kBegin, work);
}

Result<void> PostgresqlDatabase::transaction_alone(const std::function<Result<void>()>& work) {
  return transaction_from(kBeginAlone, work);
}

Result<std::int64_t> PostgresqlDatabase::bytes() {
  return number("SELECT pg_database_size(current_database())");
}

Result<std::int64_t> PostgresqlDatabase::version() {
  const auto has_one =
      number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'initscan_schema'");
  if (!has_one) return has_one.error();
  if (*has_one == 0) return std::int64_t{0};
  return number("SELECT max(version) FROM initscan_schema");
}

Result<void> PostgresqlDatabase::take_step(const char* step, std::int64_t next_version) {
  if (auto taken = execute(postgresql_schema(step).c_str()); !taken) return taken;
  return execute(("CREATE TABLE IF NOT EXISTS initscan_schema (version BIGINT PRIMARY KEY, taken_at TIMESTAMPTZ NOT "
                  "NULL DEFAULT now());"
                  "INSERT INTO initscan_schema VALUES (" +
                  std::to_string(next_version) + ")")
                     .c_str());
}

Result<void> PostgresqlDatabase::check_owner() {
  const auto schema = number("SELECT count(current_schema())");
  if (!schema) return schema.error();
  if (*schema == 0) return Error{Errc::refused, name_ + ": no schema of the search_path is there; create it first"};
  const auto others = number(
      "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND NOT EXISTS (SELECT 1 FROM pg_tables t"
      " WHERE t.schemaname = current_schema() AND t.tablename = 'initscan_schema')");
  if (!others) return others.error();
  if (*others == 0) return {};
  return Error{Errc::malformed, name_ +
                                    ": has tables of another program; name another database, or a schema of its own"
                                    " with options=-csearch_path=SCHEMA"};
}

Result<void> PostgresqlDatabase::migrate() {
  patience_ = kPatienceToMigrate;
  auto done = execute("SET statement_timeout = '9min'");
  if (done) done = check_owner();
  if (done) done = server::migrate(*this, migrations());
  patience_ = kPatience;
  return done ? execute("SET statement_timeout = '10s'") : done;
}

}  // namespace initscan::server
