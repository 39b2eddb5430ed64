#include "server/store/migrations.h"

#include "server/store/database.h"
#include "server/store/schema_1.h"
#include "server/store/schema_2.h"
#include "server/store/schema_3.h"

#include <array>
#include <string>

namespace initscan::server {
namespace {

constexpr std::array<const char*, 3> kMigrations{kSchema1, kSchema2, kSchema3};

constexpr std::int64_t kApplication = 0x696e7363;  // "insc", in the header of the file
constexpr const char* kClaim = "PRAGMA application_id = 1768846179";

Error newer(const Database& database, std::int64_t version, std::size_t known) {
  return {Errc::unsupported, database.path() + ": was written by a newer initscan-server (schema " +
                                 std::to_string(version) + ", this one knows " + std::to_string(known) +
                                 "); start that one, or put a backup from before the upgrade in its place"};
}

}  // namespace

std::span<const char* const> migrations() {
  return kMigrations;
}

Result<void> check_owner(Database& database) {
  // Both questions of the same moment: another process may be making the store.
  if (auto begun = database.execute("BEGIN"); !begun) return begun;
  const auto application = database.number("PRAGMA application_id");
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  auto ended = database.execute("COMMIT");
  if (!application) return application.error();
  if (!tables) return tables.error();
  if (!ended) return ended;
  if (*application == kApplication || (*application == 0 && *tables == 0)) return {};
  return Error{Errc::malformed, database.path() + ": a database of another program; name another file"};
}

Result<void> migrate(Database& database, std::span<const char* const> steps) {
  for (;;) {
    bool is_done = false;
    auto one = database.transaction([&]() -> Result<void> {
      // Asked within the transaction: another process may be doing the same.
      const auto version = database.number("PRAGMA user_version");
      if (!version) return version.error();
      if (*version < 0 || *version > static_cast<std::int64_t>(steps.size())) {
        return newer(database, *version, steps.size());
      }
      const auto number = static_cast<std::size_t>(*version);
      is_done = number == steps.size();
      if (is_done) return {};
      if (auto run = database.execute(steps[number]); !run) return run;
      if (auto claimed = database.execute(kClaim); !claimed) return claimed;
      return database.execute(("PRAGMA user_version = " + std::to_string(number + 1)).c_str());
    });
    if (!one) return one;
    if (is_done) return {};
  }
}

}  // namespace initscan::server
