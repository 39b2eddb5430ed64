#include "common/file_io.h"
#include "common/names.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/own_folder.h"
#include "initscan/confine/hide.h"
#include "initscan/sbom/seal.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace initscan {
namespace {

constexpr const char* kCollector = "initscan-collect";
constexpr std::size_t kMaxCollectorBytes = 64 << 20;

// A file that the containers of other users read.
Result<void> put(const std::string& path, std::string_view bytes, mode_t mode) {
  if (auto written = write_file(path, bytes); !written) return std::move(written).error().within(path);
  if (chmod(path.c_str(), mode) == 0) return {};
  return Error{Errc::io, path + ": cannot change its mode: " + std::strerror(errno)};
}

// A new one for each run: what was sealed before an earlier run counts no longer.
Result<void> put_nonce(const std::string& collector_folder, const std::string& gate_folder) {
  const auto nonce = make_nonce();
  if (!nonce) return nonce.error();
  for (const std::string& folder : {collector_folder, gate_folder}) {
    if (auto done = put(folder + '/' + std::string(kNonceName), *nonce, 0444); !done) return done;
  }
  return {};
}

Result<ExitCode> install(const std::string& folder, const std::string& seal_folder) {
  if (auto hidden = hide_memory(); !hidden) return hidden.error();
  struct statvfs mount {};
  if (statvfs(folder.c_str(), &mount) != 0) return Error{Errc::io, folder + ": " + std::strerror(errno)};
  if ((mount.f_flag & ST_NOEXEC) != 0) {
    return Error{Errc::unsupported,
                 folder +
                     ": is mounted noexec, so nothing can run from it; use volume mode, or give the node's "
                     "kubelet directory a file system that allows execution"};
  }

  const auto own = own_folder();
  if (!own) return own.error();
  const std::string from = *own + '/' + kCollector;
  const std::string to = folder + '/' + kCollector;
  auto program = read_file(from, kMaxCollectorBytes);
  if (!program) return std::move(program).error().within(from);
  // The collector runs as the image's own user, who is anyone. What its user may not read, the kernel hides from its
  // first instruction on (hide.h).
  if (auto done = put(to, *program, 0111); !done) return done.error();
  if (!seal_folder.empty()) {
    if (auto done = put_nonce(folder, seal_folder); !done) return done.error();
  }
  return ExitCode::pass;
}

}  // namespace

void add_install_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("install", "Copy initscan-collect into a folder that other containers mount");
  struct Options {
    std::string folder;
    std::string seal_folder;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("--to", options->folder, "The folder, which must exist")->required()->type_name("DIR");
  command
      ->add_option(
          "--seal", options->seal_folder,
          "Write a new nonce into both folders, so that `gate --seal` can tell the collector's SBOMs from others")
      ->type_name("DIR");
  add_example(*command, std::string("initscan install --to ") + names::kBinMount + " --seal " + names::kSealMount);
  command->callback(
      [&chosen, options] { chosen = [options] { return install(options->folder, options->seal_folder); }; });
}

}  // namespace initscan
