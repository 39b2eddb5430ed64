#include "common/file_io.h"
#include "common/text/ascii.h"
#include "common/text/visible.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/index/index_split.h"
#include "initscan/commands/db_commands.h"

#include <algorithm>
#include <map>
#include <set>

namespace initscan {
namespace {

// "rocky-linux.db" of "Rocky Linux". The name may come from anyone: nothing but letters, digits and '.' stay.
std::string file_of(const std::string& family) {
  std::string name = in_lower_case(family);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_alphanumeric(c) && c != '.'; }, '-');
  if (name.starts_with('.')) name.front() = '-';
  return name + ".db";
}

}  // namespace

Result<ExitCode> db_split(const DbSplitOptions& options) {
  const auto whole = AdvisoryIndex::open(options.path);
  if (!whole) return whole.error();
  if (const auto voucher = check_voucher(*whole, options.path, ""); !voucher) return voucher.error();
  const auto ecosystems = whole->ecosystems();
  if (!ecosystems) return Error(ecosystems.error()).within(options.path);
  std::map<std::string, std::set<std::string>> files;
  for (const auto& ecosystem : *ecosystems) {
    const std::string family(family_of(ecosystem.name));
    const bool is_wanted =
        options.only.empty() || std::find(options.only.begin(), options.only.end(), family) != options.only.end();
    if (is_wanted) files[file_of(family)].insert(ecosystem.name);
  }
  for (const std::string& family : options.only) {
    if (!files.contains(file_of(family))) {
      return Error{Errc::not_found, options.path + ": no ecosystem \"" + visible(family) + "\" is in it"};
    }
  }
  for (const auto& [name, names] : files) {
    const auto bytes = split_index(*whole, names);
    if (!bytes) return Error(bytes.error()).within(options.path);
    const std::string path = options.output + '/' + name;
    if (auto written = write_file(path, *bytes); !written) return std::move(written).error().within(path);
    std::printf("%s\n", path.c_str());
    const auto index = AdvisoryIndex::over(*bytes);
    if (!index) return index.error();
    if (auto printed = print_contents(*index); !printed) return printed.error();
  }
  return ExitCode::pass;
}

}  // namespace initscan
