#include "initscan/commands/commands.h"
#include "initscan/commands/verdict_options.h"
#include "initscan/source/open_image.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {

void add_rootfs_command(CLI::App& app, Command& chosen) {
  struct Options : ScanOptions {
    std::string folder;
  };
  auto* command = app.add_subcommand("rootfs", "Scan an image that is unpacked in a folder");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The folder that is the image's root")->required();
  add_scan_options(*command, *options);
  add_example(*command, "initscan rootfs ./unpacked-image --policy policy.yaml --format json");
  command->callback([&chosen, options] {
    chosen = [options] {
      return scan_and_report(*options, {{"0", options->folder, rootfs_reference(options->folder), ""}});
    };
  });
}

}  // namespace initscan
