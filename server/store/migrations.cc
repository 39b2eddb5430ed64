#include "server/store/migrations.h"

#include "server/store/database.h"
#include "server/store/schema_1.h"
#include "server/store/schema_2.h"
#include "server/store/schema_3.h"
#include "server/store/schema_4.h"
#include "server/store/schema_5.h"
#include "server/store/schema_6.h"
#include "server/store/schema_7.h"
#include "server/store/schema_8.h"

#include <array>
#include <string>

namespace initscan::server {
namespace {

constexpr std::array kMigrations{kSchema1, kSchema2, kSchema3, kSchema4, kSchema5, kSchema6, kSchema7, kSchema8};

Error newer(const Database& database, std::int64_t version, std::size_t known) {
  return {Errc::unsupported, database.name() + ": was written by a newer initscan-server (schema " +
                                 std::to_string(version) + ", this one knows " + std::to_string(known) +
                                 "); start that one, or put a backup from before the upgrade in its place"};
}

}  // namespace

std::span<const char* const> migrations() {
  return kMigrations;
}

Result<void> migrate(Database& database, std::span<const char* const> steps) {
  for (;;) {
    bool is_done = false;
    auto one = database.transaction_alone([&]() -> Result<void> {
      // Asked within the transaction: another process may be doing the same.
      const auto version = database.version();
      if (!version) return version.error();
      if (*version < 0 || *version > static_cast<std::int64_t>(steps.size())) {
        return newer(database, *version, steps.size());
      }
      const auto number = static_cast<std::size_t>(*version);
      is_done = number == steps.size();
      return is_done ? Result<void>() : database.take_step(steps[number], *version + 1);
    });
    if (!one) return one;
    if (is_done) return {};
  }
}

}  // namespace initscan::server
