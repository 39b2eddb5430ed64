#include "initscan/analyze/os_release.h"

#include "common/lines.h"

namespace initscan {
namespace {

std::string unquoted(std::string_view value) {
  const bool is_quoted = value.starts_with('"') || value.starts_with('\'');
  const char quote = is_quoted ? value.front() : '\0';
  if (is_quoted) value.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    char c = value[i];
    if (is_quoted ? c == quote : c == ' ' || c == '\t') break;
    if (quote != '\'' && c == '\\' && i + 1 < value.size()) c = value[++i];
    out += c;
  }
  return out;
}

}  // namespace

OsRelease parse_os_release(std::string_view text) {
  OsRelease os;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.ends_with('\r')) line.remove_suffix(1);

    const std::size_t equals = line.find('=');
    if (equals == line.npos) continue;
    const std::string_view key = line.substr(0, equals);
    std::string* const field = key == "ID"                 ? &os.id
                               : key == "VERSION_ID"       ? &os.version_id
                               : key == "VERSION_CODENAME" ? &os.version_codename
                               : key == "PRETTY_NAME"      ? &os.pretty_name
                                                           : nullptr;
    if (field != nullptr) *field = unquoted(line.substr(equals + 1).substr(0, kMaxFieldBytes));
  }
  return os;
}

void OsReleaseAnalyzer::analyze(const ImageFiles& files, Inventory& inventory) const {
  for (const char* path : {"etc/os-release", "usr/lib/os-release"}) {
    auto text = files.read(path, kMaxOsReleaseBytes);
    if (!text) {
      inventory.incomplete.push_back(std::string(path) + ": " + text.error().text);
    } else if (text->has_value()) {
      inventory.os = parse_os_release(**text);
      return;
    }
  }
}

}  // namespace initscan
