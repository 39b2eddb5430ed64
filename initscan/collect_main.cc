// initscan-collect: runs inside the application's own image, as its own user, with its own environment.
// Nothing here asks for a name, a locale, an environment variable or the working directory.
#include "common/descriptor.h"
#include "common/exit_code.h"
#include "common/version.h"
#include "common/visible.h"
#include "initscan/collect.h"
#include "initscan/confine/confine.h"
#include "initscan/sbom/cyclonedx_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr const char* kUsage =
    "Usage: initscan-collect --root=DIR --output=FILE\n"
    "\n"
    "Writes the packages of the image whose root is DIR as CycloneDX 1.6 to FILE (- is standard output).\n"
    "Confines itself before it reads: afterwards it can open nothing for writing and reach no network.\n"
    "\n"
    "Exit codes: 0 written, also where the image is damaged (the document says so); 1 could not; 64 wrong usage.\n";

struct Options {
  std::string root;
  std::string output;
};

using Arguments = std::span<const std::string_view>;

// Takes `--name=VALUE` or `--name VALUE` off the front; false where it is another argument.
bool take_option(std::string_view name, Arguments& arguments, std::string& value) {
  const std::string_view first = arguments.front();
  if (!first.starts_with(name)) return false;
  if (first.size() > name.size() && first[name.size()] == '=') {
    value = first.substr(name.size() + 1);
    arguments = arguments.subspan(1);
    return true;
  }
  if (first.size() != name.size() || arguments.size() < 2) return false;
  value = arguments[1];
  arguments = arguments.subspan(2);
  return true;
}

Result<Options> parse(Arguments arguments) {
  Options options;
  while (!arguments.empty()) {
    if (take_option("--root", arguments, options.root)) continue;
    if (take_option("--output", arguments, options.output)) continue;
    const std::string odd(arguments.front());
    return Error{Errc::usage, "unknown or unfinished argument \"" + odd + "\"; see --help"};
  }
  if (options.root.empty()) return Error{Errc::usage, "--root is missing; see --help"};
  if (options.output.empty()) return Error{Errc::usage, "--output is missing; see --help"};
  return options;
}

Error failed(const std::string& path, std::string_view what) {
  return {Errc::io, path + ": cannot " + std::string(what) + ": " + std::strerror(errno)};
}

Result<void> write_all(int fd, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      // An empty file is an error to every reader; half a document must not be there to be read.
      const Error error = failed(path, "write");
      return ftruncate(fd, 0) == 0 ? error : failed(path, "write, nor empty the file");
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> run(const Options& options) {
  // Everything that needs to be opened is opened before the confinement. The file exists and is empty until
  // the whole document is written to it.
  const bool to_standard_output = options.output == "-";
  const Descriptor file(to_standard_output
                            ? dup(STDOUT_FILENO)
                            : open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0644));
  if (!file.is_open()) return failed(options.output, "create");
  auto image = RootFs::open(options.root);
  if (!image) return image.error();
  auto confinement = confine({options.root});
  if (!confinement) return confinement.error();

  Sbom sbom = collect(*image);
  sbom.confinement = std::move(*confinement);
  return write_all(file.fd(), options.output, write_cyclonedx(sbom));
}

int complain(const Error& error) {
  std::fprintf(stderr, "initscan-collect: error: %s\n", visible(error.text).c_str());
  return static_cast<int>(exit_code_of(error.code));
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  using namespace std::string_view_literals;
  const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--help"sv) return std::fputs(initscan::kUsage, stdout) < 0 ? 1 : 0;
  if (arguments.size() == 1 && arguments[0] == "--version"sv)
    return std::printf("initscan-collect %s\n", initscan::kVersion) < 0 ? 1 : 0;
  const auto options = initscan::parse(arguments);
  if (!options) return initscan::complain(options.error());
  if (const auto done = initscan::run(*options); !done) return initscan::complain(done.error());
  return 0;
}
