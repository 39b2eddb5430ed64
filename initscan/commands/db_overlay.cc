#include "common/file_io.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/overlay/overlay_builder.h"
#include "initscan/advisory/overlay/overlay_successor.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/feed_sources.h"

#include <unistd.h>

namespace initscan {

namespace {

// As of an index: a mirror may have gone back to what it had yesterday.
Result<void> check_successor(const Overlay& next, const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) return {};
  const auto last = Overlay::open(path);
  if (!last) return Error{last.error().code, last.error().text + "; --force replaces it"};
  const std::string why = why_no_successor(*last, next, current_time() + kClockDifference);
  if (why.empty()) return {};
  return Error{Errc::refused, path + ": left as it is: of the new one, " + why + "; --force replaces it all the same"};
}

}  // namespace

Result<void> write_overlay(const std::string& bytes, const std::string& path, bool is_forced) {
  const auto overlay = Overlay::over(bytes);
  if (!overlay) return overlay.error();
  if (!is_forced) {
    if (auto checked = check_successor(*overlay, path); !checked) return checked;
  }
  if (auto written = write_file(path, bytes); !written) return std::move(written).error().within(path);
  std::printf("%s\n", path.c_str());
  return {};
}

Result<void> write_overlay(const OverlayBuilder& builder, const std::string& path, bool is_forced) {
  const auto bytes = builder.build();
  if (!bytes) return bytes.error();
  if (auto written = write_overlay(*bytes, path, is_forced); !written) return written;
  const auto overlay = Overlay::over(*bytes);
  if (!overlay) return overlay.error();
  print_contents(*overlay);
  for (const auto& [kind, added] : builder.added()) {
    print_reasons(stderr, "initscan: warning: " + kind + ':' + added.path + ": ", "records skipped", added.skipped);
  }
  return {};
}

Result<ExitCode> db_overlay(const DbOverlayOptions& options) {
  if (options.output == "-") {
    return Error{Errc::usage, "-o: an overlay cannot be written to standard output; name a file"};
  }
  OverlayBuilder builder;
  if (!options.as_of.empty()) {
    const auto date = parse_rfc3339(options.as_of);
    if (!date) return Error{Errc::usage, "--as-of: " + date.error().text};
    builder.set_date_of_undated(format_rfc3339(*date));
  }
  for (const std::string& argument : options.from) {
    const auto source = kind_of_overlay("--from", argument);
    if (!source) return source.error();
    if (auto added = builder.add(*source->format, source->rest); !added) return added.error();
  }
  if (auto written = write_overlay(builder, options.output, true); !written) return written.error();
  return ExitCode::pass;
}

}  // namespace initscan
