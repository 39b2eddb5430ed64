#include "initscan/commands/commands.h"
#include "initscan/commands/verdict_options.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {

void add_sbom_command(CLI::App& app, Command& chosen) {
  struct Options : ScanOptions {
    std::string file;
  };
  auto* command = app.add_subcommand("sbom", "Judge an image by its SBOM, which any tool may have written");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "A CycloneDX document in JSON; - is standard input")->required();
  add_scan_options(*command, *options);
  add_example(*command, "initscan sbom sbom.json --server https://initscan.example.com:8443 --server-token token");
  command->callback([&chosen, options] {
    chosen = [options] { return scan_and_report(*options, {{"0", options->file, "", options->file}}); };
  });
}

}  // namespace initscan
