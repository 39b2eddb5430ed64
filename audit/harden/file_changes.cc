#include "audit/harden/file_changes.h"

#include "common/text/lines.h"

namespace initscan::audit {
namespace {

Error at(std::size_t line, Errc code, const char* text) {
  return Error{code, text}.within(std::to_string(line));
}

// Takes out "//" and "/./"; false where the path leads up or is not absolute.
bool normalize(std::string_view raw, std::string& path) {
  if (!raw.starts_with('/') || raw.find('\0') != raw.npos) return false;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // a slash
    const std::string_view name = raw.substr(0, raw.find('/'));
    raw.remove_prefix(name.size());
    if (name == "..") return false;
    if (name.empty() || name == ".") continue;
    path += '/';
    path += name;
  }
  return true;
}

}  // namespace

Result<std::vector<FileChange>> parse_file_changes(std::string_view text) {
  std::vector<FileChange> changes;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = take_line(text);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    if (line.size() < 3 || line[1] != ' ' || (line[0] != 'A' && line[0] != 'C' && line[0] != 'D')) {
      return at(number, Errc::malformed, "want \"A /path\", \"C /path\" or \"D /path\"");
    }
    if (line.size() - 2 > kMaxPathBytes) return at(number, Errc::over_limit, "the path is longer than 4,096 bytes");
    if (changes.size() == kMaxFileChanges) return at(number, Errc::over_limit, "more than 100,000 entries");
    FileChange change{FileChange::Kind{line[0]}, {}, line.ends_with('/')};
    if (!normalize(line.substr(2), change.path)) {
      return at(number, Errc::malformed, "want an absolute path without \"..\"");
    }
    if (!change.path.empty()) changes.push_back(std::move(change));  // "C /" says nothing
  }
  return changes;
}

}  // namespace initscan::audit
