#include "common/file_io.h"
#include "initscan/commands/db_commands.h"

namespace initscan {
// What is written is what was checked: the file may be another by then.
Result<ExitCode> db_install(const DbInstallOptions& options) {
  const auto bytes = read_file(options.path, kMaxIndexBytes);
  if (!bytes) return Error(bytes.error()).within(options.path);
  const auto next = AdvisoryIndex::over(*bytes);
  if (!next) return Error(next.error()).within(options.path);
  if (const auto voucher = check_voucher(*next, options.path, options.key); !voucher) return voucher.error();
  if (next->rows() == 0) return Error{Errc::malformed, options.path + ": an index without advisories"};
  if (!options.is_forced) {
    const auto why = why_it_may_not_replace(*next, options.output);
    if (!why) return why.error();
    if (!why->empty()) {
      return Error{Errc::refused, options.path + ": not installed: " + *why + "; --force installs it all the same"};
    }
  }
  if (auto written = write_file(options.output, *bytes); !written) {
    return std::move(written).error().within(options.output);
  }
  std::printf("%s\n", options.output.c_str());
  if (auto printed = print_contents(*next); !printed) return printed.error();
  return ExitCode::pass;
}

}  // namespace initscan
