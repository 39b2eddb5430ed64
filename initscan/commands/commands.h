#pragma once

#include "common/cli/run.h"

namespace initscan {

inline constexpr const char* kDefaultIndex = "/usr/share/initscan/advisories.db";  // where our image keeps it

// Each adds one subcommand of `initscan` to `app`; choosing it sets `chosen`.
void add_rootfs_command(CLI::App& app, Command& chosen);
void add_sbom_command(CLI::App& app, Command& chosen);
void add_gate_command(CLI::App& app, Command& chosen);
void add_db_command(CLI::App& app, Command& chosen);
void add_db_update(CLI::App& db, Command& chosen);  // of `db`, as the next two
void add_db_push(CLI::App& db, Command& chosen);
void add_db_pull(CLI::App& db, Command& chosen);
void add_install_command(CLI::App& app, Command& chosen);
void add_policy_command(CLI::App& app, Command& chosen);
void add_help_command(CLI::App& app, Command& chosen);
void add_version_command(CLI::App& app, Command& chosen);

}  // namespace initscan
