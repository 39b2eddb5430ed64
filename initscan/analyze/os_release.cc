#include "initscan/analyze/os_release.h"

#include "common/text/lines.h"
#include "initscan/model/package_limits.h"

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

std::string named(const OsRelease& os) {
  return '"' + os.id + ' ' + os.version_id + '"';
}

// The version that a distribution writes into a file of its own beside os-release: "3.20.3", "12.5"; "" where it is a
// name, as of releases that are not out yet.
std::string version_file(const ImageFiles& files, const Distribution& distribution) {
  if (distribution.version_file == nullptr) return {};
  const auto text = files.read(distribution.version_file, kMaxOsReleaseBytes);
  if (!text || !text->has_value()) return {};
  return (*text)->substr(0, (*text)->find_first_not_of("0123456789."));
}

bool is_prefix_by_fields(std::string_view part, std::string_view whole) {
  return whole.starts_with(part) && (whole.size() == part.size() || whole[part.size()] == '.');
}

// A point release raises the last field, at times in one of the two files alone.
bool contradict(const Distribution& distribution, std::string_view version_id, std::string_view version) {
  constexpr std::string_view kDigits = "0123456789.";
  version_id = version_id.substr(0, version_id.find_first_not_of(kDigits));
  if (version.empty() || version_id.empty()) return false;
  return !is_prefix_by_fields(leading_fields(version_id, distribution.release_fields), version);
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
    if (field != nullptr) *field = unquoted(line.substr(equals + 1));
  }
  return os;
}

// os-release is the image's own claim, and which advisories are used depends on it: whatever contradicts it is
// reported.
void OsReleaseAnalyzer::look_up(const ImageFiles& files, Inventory& inventory) const {
  std::string first;
  for (const std::string path : {"etc/os-release", "usr/lib/os-release"}) {
    auto text = files.read(path, kMaxOsReleaseBytes);
    if (!text) {
      inventory.incomplete.push_back(path + ": " + text.error().text);
      continue;
    }
    if (!text->has_value()) continue;
    OsRelease os = parse_os_release(**text);
    if (const std::string why = too_long_in(os); !why.empty()) {
      inventory.incomplete.push_back(path + ": " + why);
      continue;
    }
    if (first.empty()) {
      inventory.os = std::move(os);
      first = path;
    } else if (os.id != inventory.os.id || os.version_id != inventory.os.version_id) {
      inventory.incomplete.push_back(path + ": says " + named(os) + ", and " + first + " says " + named(inventory.os));
    }
  }
  const Distribution* const distribution = find_distribution(inventory.os.id);
  if (distribution == nullptr) return;
  const std::string version = version_file(files, *distribution);
  if (!contradict(*distribution, inventory.os.version_id, version)) return;
  inventory.incomplete.push_back(first + ": says " + named(inventory.os) + ", and the image's own version file says " +
                                 version);
}

}  // namespace initscan
