#include "common/file_io.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/overlay/overlay_builder.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/feed_sources.h"

namespace initscan {

Result<void> write_overlay(const OverlayBuilder& builder, const std::string& path) {
  const auto bytes = builder.build();
  if (!bytes) return bytes.error();
  const auto overlay = Overlay::over(*bytes);
  if (!overlay) return overlay.error();
  if (auto written = write_file(path, *bytes); !written) return std::move(written).error().within(path);
  std::printf("%s\n", path.c_str());
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
  if (auto written = write_overlay(builder, options.output); !written) return written.error();
  return ExitCode::pass;
}

}  // namespace initscan
