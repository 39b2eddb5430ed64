#include "common/version.h"
#include "server/commands/commands.h"

#include <string>

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Keeps what scans found, answers from one shared index of advisories, and tells Prometheus about both.",
               "initscan-server");
  app.set_version_flag("--version", std::string("initscan-server ") + initscan::kVersion);
  app.footer("Exit codes: 0 stopped as it was told to, 1 could not start, 64 wrong usage.");
  app.require_subcommand(1);
  initscan::Command chosen;
  initscan::server::add_serve_command(app, chosen);
  initscan::server::add_watch_command(app, chosen);
  initscan::add_example(app,
                        "initscan-server serve --store store.db --index advisories.db --token-file tokens --tls-cert "
                        "tls.crt --tls-key tls.key");
  return initscan::run_program(app, chosen, argc, argv);
}
