#include "initscan/commands/commands.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/feed_sources.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr const char* kKeyHelp = "A public Ed25519 key in PEM: the index must be signed by it";

void add_build(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<DbBuildOptions>();
  auto* command = db.add_subcommand("build", "Build an index from feeds");
  command
      ->add_option("--from", options->from,
                   "A feed, whose KIND is one of " + kinds_of_feeds() +
                       ", and whose PATH is a folder, an archive (zip, tar) or a file; repeatable")
      ->required()
      ->type_name("KIND:PATH");
  command
      ->add_option("--as-of", options->as_of,
                   "When feeds that give no date (alpine-secdb) were fetched, such as 2026-11-28T00:00:00Z: their age")
      ->type_name("DATE");
  command->add_option("--key", options->key, "Sign the index: a private Ed25519 key in PEM")->type_name("FILE");
  command->add_option("-o,--output", options->output, "The index")->required()->type_name("FILE");
  add_example(*command, "initscan db build --from osv:feeds/Debian.zip -o advisories.db");
  command->callback([&chosen, options] { chosen = [options] { return db_build(*options); }; });
}

void add_overlay(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<DbOverlayOptions>();
  auto* command = db.add_subcommand("overlay", "Make an overlay of what is known to be exploited, and of ends of life");
  command
      ->add_option("--from", options->from,
                   "A source, whose KIND is one of " + kinds_of_overlays() +
                       ", and whose PATH is a file, which may be packed; one of each kind")
      ->required()
      ->type_name("KIND:PATH");
  command
      ->add_option("--as-of", options->as_of,
                   "When sources that give no date were fetched, such as 2026-11-28T00:00:00Z: their age")
      ->type_name("DATE");
  command->add_option("-o,--output", options->output, "The overlay")->required()->type_name("FILE");
  add_example(*command, "initscan db overlay --from kev:kev.json --from epss:epss.csv.gz -o advisories.db.overlay");
  command->callback([&chosen, options] { chosen = [options] { return db_overlay(*options); }; });
}

void add_info(CLI::App& db, Command& chosen) {
  const auto path = std::make_shared<std::string>();
  auto* command = db.add_subcommand("info", "Check a whole index or overlay and say what is in it");
  command->add_option("FILE", *path, "The index, or an overlay")->required();
  add_example(*command, "initscan db info advisories.db");
  command->callback([&chosen, path] { chosen = [path] { return db_info(*path); }; });
}

void add_verify(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<DbInstallOptions>();
  auto* command = db.add_subcommand("verify", "Check that an index or overlay is whole, and who signed it");
  command->add_option("FILE", options->path, "The index, or an overlay")->required();
  command->add_option("--key", options->key, kKeyHelp)->type_name("FILE");
  add_example(*command, "initscan db verify --key advisories.pub advisories.db");
  command->callback([&chosen, options] { chosen = [options] { return db_verify(options->path, options->key); }; });
}

void add_install(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<DbInstallOptions>();
  auto* command = db.add_subcommand(
      "install", "Put an index or an overlay in the place of another, unless it is older or says less");
  command->add_option("FILE", options->path, "The new index, or an overlay")->required();
  command->add_option("--key", options->key, kKeyHelp)->type_name("FILE");
  command->add_flag("--force", options->is_forced, "Also where it is older, or says less");
  command->add_option("-o,--output", options->output, "The index that is replaced")->required()->type_name("FILE");
  add_example(*command, "initscan db install --key advisories.pub fetched.db -o advisories.db");
  command->callback([&chosen, options] { chosen = [options] { return db_install(*options); }; });
}

void add_diff(CLI::App& db, Command& chosen) {
  const auto older = std::make_shared<std::string>();
  const auto newer = std::make_shared<std::string>();
  auto* command = db.add_subcommand("diff", "Say what one index says that another does not");
  command->add_option("OLD", *older, "An index")->required();
  command->add_option("NEW", *newer, "Another index")->required();
  add_example(*command, "initscan db diff yesterday.db advisories.db");
  command->callback([&chosen, older, newer] { chosen = [older, newer] { return db_diff(*older, *newer); }; });
}

void add_search(CLI::App& db, Command& chosen) {
  const auto path = std::make_shared<std::string>();
  const auto word = std::make_shared<std::string>();
  auto* command = db.add_subcommand("search", "Say what an index knows of a source package or a vulnerability");
  command->add_option("FILE", *path, "The index")->required();
  command->add_option("WORD", *word, "A source package, or an id or alias of a vulnerability")->required();
  add_example(*command, "initscan db search advisories.db CVE-2024-0727");
  command->callback([&chosen, path, word] { chosen = [path, word] { return db_search(*path, *word); }; });
}

void add_split(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<DbSplitOptions>();
  auto* command = db.add_subcommand("split", "Write an index for each distribution or ecosystem of one");
  command->add_option("FILE", options->path, "The index")->required();
  command->add_option("--only", options->only, "No others than these, by their names without a release; repeatable")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_option("-o,--output", options->output, "The folder")->required()->type_name("FOLDER");
  add_example(*command, "initscan db split advisories.db -o indexes");
  command->callback([&chosen, options] { chosen = [options] { return db_split(*options); }; });
}

}  // namespace

void add_db_command(CLI::App& app, Command& chosen) {
  auto* db = app.add_subcommand("db", "Build, inspect, check and compare indexes of advisories");
  db->require_subcommand(1);
  for (const auto add : {add_build, add_overlay, add_db_update, add_info, add_verify, add_install, add_db_push,
                         add_db_pull, add_diff, add_search, add_split}) {
    add(*db, chosen);
  }
}

}  // namespace initscan
