#include "injector/explain/unified_diff.h"

#include "common/text/lines.h"

#include <sstream>
#include <vector>

#include <dtl/dtl.hpp>

namespace initscan::injector {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(take_line(text));
  return lines;
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const std::vector<std::string> old_lines = lines_of(before);
  const std::vector<std::string> new_lines = lines_of(after);
  if (old_lines.size() + new_lines.size() > kMaxDiffLines) {
    return "@@ too long to compare: " + std::to_string(old_lines.size()) + " lines before, " +
           std::to_string(new_lines.size()) + " after @@\n";
  }
  dtl::Diff<std::string> diff(old_lines, new_lines);
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  diff.printUnifiedFormat(out);
  return out.str();
}

}  // namespace initscan::injector
