// initscan-collect: runs inside the application's own image, as its own user, with its own environment.
// Nothing here asks for a name, a locale, an environment variable or the working directory.
#include "common/descriptor.h"
#include "common/exit_code.h"
#include "common/output.h"
#include "common/text/visible.h"
#include "common/version.h"
#include "initscan/collect.h"
#include "initscan/confine/confine.h"
#include "initscan/confine/hide.h"
#include "initscan/sbom/seal.h"
#include "initscan/source/open_image.h"

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
    "Usage: initscan-collect --root=DIR --output=FILE [--seal=NONCE]\n"
    "\n"
    "Writes the packages of the image whose root is DIR as CycloneDX 1.6 to FILE (- is standard output).\n"
    "Confines itself before it reads: afterwards it can open nothing for writing and reach no network.\n"
    "With the file NONCE, which `initscan install --seal` wrote, the HMAC of the document goes to FILE.hmac.\n"
    "\n"
    "Example: initscan-collect --root=/ --output=/tmp/sbom.json\n"
    "\n"
    "Exit codes: 0 written, also where the image is damaged (the document says so); 1 could not; 64 wrong usage.\n";

struct Options {
  std::string root;
  std::string output;
  std::string seal;  // "": none
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
    if (take_option("--seal", arguments, options.seal)) continue;
    const std::string odd(arguments.front());
    return Error{Errc::usage, "unknown or incomplete argument \"" + odd + "\"; see --help"};
  }
  if (options.root.empty()) return Error{Errc::usage, "--root is missing; see --help"};
  if (options.output.empty()) return Error{Errc::usage, "--output is missing; see --help"};
  if (!options.seal.empty() && options.output == "-") {
    return Error{Errc::usage, "--seal: the seal goes beside the output, which has to be a file"};
  }
  return options;
}

Error about(const std::string& path, Error error) {
  return std::move(error).within(path);
}

Result<Descriptor> open_result(const std::string& path) {
  if (path == "-") return Descriptor(dup(STDOUT_FILENO));
  auto file = open_output(path);
  if (!file) return about(path, file.error());
  return file;
}

Result<void> write_whole(int fd, const std::string& path, std::string_view bytes) {
  auto written = write_output(fd, bytes);
  if (written) return {};
  // An empty file is an error to every reader; half a document must not be there to be read.
  const bool is_empty = ftruncate(fd, 0) == 0 || errno == EINVAL;  // EINVAL: a device or a FIFO
  if (!is_empty) return about(path, Error{Errc::io, written.error().text + ", nor empty the file"});
  return about(path, written.error());
}

Result<std::string> read_nonce(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return about(path, Error{Errc::io, std::string("cannot open: ") + std::strerror(errno)});
  std::string nonce(kNonceBytes + 1, '\0');
  const ssize_t n = read(file.fd(), nonce.data(), nonce.size());
  if (n < 0) return about(path, Error{Errc::io, std::string("cannot read: ") + std::strerror(errno)});
  nonce.resize(static_cast<std::size_t>(n));
  if (auto whole = check_nonce(nonce); !whole) return about(path, whole.error());
  return nonce;
}

// What is needed of the outside, opened before the confinement. The files exist and are empty until the whole document
// is written to them.
struct Outside {
  Descriptor output;
  Descriptor seal;  // not open: none is made
  std::string nonce;
};

Result<Outside> open_outside(const Options& options) {
  Outside outside;
  if (!options.seal.empty()) {
    auto nonce = read_nonce(options.seal);
    if (!nonce) return nonce.error();
    outside.nonce = std::move(*nonce);
    auto seal = open_result(options.output + std::string(kSealSuffix));
    if (!seal) return seal.error();
    outside.seal = std::move(*seal);
  }
  auto output = open_result(options.output);
  if (!output) return output.error();
  outside.output = std::move(*output);
  return outside;
}

Result<void> run(const Options& options) {
  const auto outside = open_outside(options);
  if (!outside) return outside.error();
  // From here on nothing of the outside has to be opened any more.
  auto confinement = confine({options.root});
  if (!confinement) return confinement.error();
  // From here on this process can read below the root and write to what is open already; no byte of the image was read.
  const auto document = collect(rootfs_reference(options.root), std::move(*confinement));
  if (!document) return document.error();
  // From here on the document is whole: what could not be seen of the image is told in it.
  if (auto done = write_whole(outside->output.fd(), options.output, *document); !done) return done;
  if (!outside->seal.is_open()) return {};
  return write_whole(outside->seal.fd(), options.output + std::string(kSealSuffix), seal_of(outside->nonce, *document));
}

int complain(const Error& error) {
  std::fprintf(stderr, "initscan-collect: error: %s\n", visible(error.text).c_str());
  return static_cast<int>(exit_code_of(error.code));
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  using namespace std::string_view_literals;
  if (const auto hidden = initscan::hide_memory(); !hidden) return initscan::complain(hidden.error());
  const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--help"sv) return std::fputs(initscan::kUsage, stdout) < 0 ? 1 : 0;
  if (arguments.size() == 1 && arguments[0] == "--version"sv)
    return std::printf("initscan-collect %s\n", initscan::kVersion) < 0 ? 1 : 0;
  const auto options = initscan::parse(arguments);
  if (!options) return initscan::complain(options.error());
  if (const auto done = initscan::run(*options); !done) return initscan::complain(done.error());
  return 0;
}
