#include "common/file_io.h"
#include "initscan/commands.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr const char* kCollector = "initscan-collect";
constexpr std::size_t kMaxCollectorBytes = 64 << 20;

Result<std::string> own_folder() {
  std::array<char, 4096> path{};
  const ssize_t n = readlink("/proc/self/exe", path.data(), path.size());
  if (n <= 0) return Error{Errc::io, std::string("/proc/self/exe: ") + std::strerror(errno)};
  const std::string whole(path.data(), static_cast<std::size_t>(n));
  return whole.substr(0, whole.rfind('/'));
}

Result<ExitCode> install(const std::string& folder) {
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
  if (auto written = write_file(to, *program); !written) return std::move(written).error().within(to);
  // The collector runs as the image's own user, who is anyone.
  if (chmod(to.c_str(), 0555) != 0) return Error{Errc::io, to + ": cannot make it executable: " + std::strerror(errno)};
  return ExitCode::pass;
}

}  // namespace

void add_install_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("install", "Put initscan-collect into a folder that other containers mount");
  const auto folder = std::make_shared<std::string>();
  command->add_option("--to", *folder, "The folder, which has to exist")->required()->type_name("DIR");
  command->callback([&chosen, folder] { chosen = [folder] { return install(*folder); }; });
}

}  // namespace initscan
