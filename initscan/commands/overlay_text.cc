#include "common/text/visible.h"
#include "initscan/commands/db_commands.h"

namespace initscan {
namespace {

const char* records_of(std::string_view kind) {
  if (kind == kKnownExploited) return "known exploited vulnerabilities";
  if (kind == kEpss) return "scores";
  return kind == kEndOfLife ? "ends of releases" : "records";
}

}  // namespace

void print_contents(const Overlay& overlay) {
  std::printf("  an overlay, %.2f MB\n", static_cast<double>(overlay.file_bytes()) / 1e6);
  for (const Overlay::Source& source : overlay.sources()) {
    std::printf("    %s: %llu %s, data of %s%s\n", visible(source.kind).c_str(),
                static_cast<unsigned long long>(source.records), records_of(source.kind),
                source.date.empty() ? "an unknown date" : source.date.c_str(),
                source.model.empty() ? "" : (", model " + visible(source.model)).c_str());
  }
}

Result<void> print_whole_overlay(const std::string& path) {
  const auto overlay = Overlay::open(path);
  if (!overlay) return overlay.error();
  const auto sha256 = overlay->verify();
  if (!sha256) return Error(sha256.error()).within(path);
  std::printf("%s\n", path.c_str());
  print_contents(*overlay);
  std::printf("  whole, sha256 %s\n", sha256->c_str());
  return {};
}

}  // namespace initscan
