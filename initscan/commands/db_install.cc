#include "common/file_io.h"
#include "initscan/commands/db_commands.h"

namespace initscan {
namespace {

Result<ExitCode> install_overlay(const DbInstallOptions& options) {
  if (!options.key.empty()) return Error{Errc::usage, "--key: an overlay is not signed; install it without a key"};
  const auto bytes = read_file(options.path, kMaxOverlayBytes);
  if (!bytes) return Error(bytes.error()).within(options.path);
  const auto next = Overlay::over(*bytes);
  if (!next) return Error(next.error()).within(options.path);
  if (const auto whole = next->verify(); !whole) return Error(whole.error()).within(options.path);
  if (auto written = write_overlay(*bytes, options.output, options.is_forced); !written) return written.error();
  print_contents(*next);
  return ExitCode::pass;
}

}  // namespace

Result<ExitCode> install_index(std::string_view bytes, const std::string& from, const DbInstallOptions& options) {
  const auto next = AdvisoryIndex::over(bytes);
  if (!next) return Error(next.error()).within(from);
  if (const auto voucher = check_voucher(*next, from, options.key); !voucher) return voucher.error();
  if (next->rows() == 0) return Error{Errc::malformed, from + ": an index without advisories"};
  if (!options.is_forced) {
    const auto why = why_it_may_not_replace(*next, options.output);
    if (!why) return why.error();
    if (!why->empty()) {
      return Error{Errc::refused, from + ": not installed: " + *why + "; --force installs it all the same"};
    }
  }
  if (auto written = write_file(options.output, bytes); !written) {
    return std::move(written).error().within(options.output);
  }
  std::printf("%s\n", options.output.c_str());
  if (auto printed = print_contents(*next); !printed) return printed.error();
  return ExitCode::pass;
}

Result<ExitCode> db_install(const DbInstallOptions& options) {
  if (is_overlay(options.path)) return install_overlay(options);
  const auto bytes = read_file(options.path, kMaxIndexBytes);
  if (!bytes) return Error(bytes.error()).within(options.path);
  return install_index(*bytes, options.path, options);
}

}  // namespace initscan
