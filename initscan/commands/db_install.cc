#include "common/file_io.h"
#include "common/text/join.h"
#include "initscan/commands/db_commands.h"

#include <algorithm>
#include <map>

#include <sys/stat.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxIndexBytes = std::size_t{4} << 30;
constexpr std::size_t kMaxNamed = 3;

bool exists(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0;
}

// Why the one would be a step back from the other; "" where it would not.
Result<std::string> why_not(const AdvisoryIndex& next, const AdvisoryIndex& last) {
  if (next.data_date() < last.data_date()) {
    return "its data is of " + (next.data_date().empty() ? "an unknown date" : next.data_date()) +
           ", older than the installed " + last.data_date();
  }
  const auto ecosystems = next.ecosystems();
  if (!ecosystems) return ecosystems.error();
  std::map<std::string, std::uint64_t> rows;
  for (const auto& ecosystem : *ecosystems) rows[ecosystem.name] = ecosystem.rows;
  const auto before = last.ecosystems();
  if (!before) return before.error();
  std::vector<std::string> missing;
  for (const auto& ecosystem : *before) {
    const auto found = rows.find(ecosystem.name);
    if (found == rows.end() || found->second < ecosystem.rows / 2) missing.push_back('"' + ecosystem.name + '"');
  }
  if (missing.empty()) return std::string();
  return "it says less than half of what the installed one says of " + join_some(missing, kMaxNamed);
}

}  // namespace

// What is written is what was checked: the file may be another by then.
Result<ExitCode> db_install(const DbInstallOptions& options) {
  const auto bytes = read_file(options.path, kMaxIndexBytes);
  if (!bytes) return Error(bytes.error()).within(options.path);
  const auto next = AdvisoryIndex::over(*bytes);
  if (!next) return Error(next.error()).within(options.path);
  if (const auto voucher = check_voucher(*next, options.path, options.key); !voucher) return voucher.error();
  if (next->rows() == 0) return Error{Errc::malformed, options.path + ": an index without advisories"};
  if (exists(options.output) && !options.is_forced) {
    const auto last = AdvisoryIndex::open(options.output);
    if (!last) return Error{last.error().code, last.error().text + "; --force replaces it"};
    const auto why = why_not(*next, *last);
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
