#include "initscan/analyze/dpkg_status.h"

#include "common/text/ascii.h"
#include "common/text/in_quotes.h"
#include "common/text/lines.h"
#include "common/text/trim.h"
#include "initscan/analyze/analyzer.h"
#include "initscan/model/package_limits.h"

#include <algorithm>
#include <cstddef>

namespace initscan {
namespace {

Error at(std::size_t line, Errc code, std::string text) {
  return {code, std::to_string(line) + ": " + std::move(text)};
}

bool is_field(std::string_view name, std::string_view lower_case) {
  return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return to_lower(a) == b; });
}

// Source: deb-control(5), deb822(5).
bool is_field_name(std::string_view name) {
  if (name.empty() || name.front() == '#' || name.front() == '-') return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// The fields of one stanza; views into the text.
struct Stanza {
  std::size_t first_line = 0;  // 0: nothing read yet
  std::string_view package, status, architecture, version, source;
  std::vector<std::string_view> names;  // of all its fields

  void clear() {
    auto kept = std::move(names);
    *this = {};
    names = std::move(kept);
    names.clear();
  }

  // False where it stood there before: dpkg refuses that, and it is how two stanzas look that became one.
  bool add_name(std::string_view name) {
    const bool is_new = std::none_of(names.begin(), names.end(), [&](std::string_view other) {
      return std::equal(name.begin(), name.end(), other.begin(), other.end(),
                        [](char a, char b) { return to_lower(a) == to_lower(b); });
    });
    if (is_new) names.push_back(name);
    return is_new;
  }

  std::string_view* field(std::string_view name) {
    if (is_field(name, "package")) return &package;
    if (is_field(name, "status")) return &status;
    if (is_field(name, "architecture")) return &architecture;
    if (is_field(name, "version")) return &version;
    if (is_field(name, "source")) return &source;
    return nullptr;
  }
};

// The third word of "install ok installed": everything but these two leaves files of the package behind.
bool leaves_files(std::string_view status) {
  const std::string_view state = trimmed(status.substr(std::min(status.rfind(' '), status.size())));
  return state != "not-installed" && state != "config-files";
}

Result<DpkgEntry> entry_of(const Stanza& stanza, std::string_view path, DpkgShape shape) {
  if (stanza.package.empty()) return at(stanza.first_line, Errc::malformed, "a stanza without Package");
  if (!is_package_name(PackageType::deb, stanza.package)) {
    return at(stanza.first_line, Errc::malformed, in_quotes(stanza.package) + " is not a package name");
  }
  if (shape == DpkgShape::status && stanza.status.empty()) {
    return at(stanza.first_line, Errc::malformed, "a stanza without Status");
  }
  DpkgEntry entry;
  entry.installed = stanza.status.empty() || leaves_files(stanza.status);
  if (entry.installed && stanza.version.empty()) {
    return at(stanza.first_line, Errc::malformed, "an installed package without Version");
  }
  const std::size_t space = stanza.source.find_first_of(" \t");
  std::string_view source_version = space == stanza.source.npos ? "" : trimmed(stanza.source.substr(space));
  if (source_version.starts_with('(') && source_version.ends_with(')')) {
    source_version = source_version.substr(1, source_version.size() - 2);
  }
  const std::string_view source_name = stanza.source.substr(0, space);
  if (!source_name.empty() && !is_package_name(PackageType::deb, source_name)) {
    return at(stanza.first_line, Errc::malformed, in_quotes(source_name) + " is not a source package name");
  }

  entry.package.type = PackageType::deb;
  entry.package.name = stanza.package;
  entry.package.version = stanza.version;
  entry.package.architecture = stanza.architecture;
  entry.package.source_name = source_name.empty() ? stanza.package : source_name;
  entry.package.source_version = source_version.empty() ? stanza.version : source_version;
  entry.package.path = path;
  if (std::string why = too_long_in(entry.package); !why.empty()) {
    return at(stanza.first_line, Errc::over_limit, std::move(why));
  }
  return entry;
}

}  // namespace

Result<void> parse_dpkg_status(std::string_view text, std::string_view path, DpkgShape shape,
                               std::vector<DpkgEntry>& entries) {
  const bool cut_short = shape == DpkgShape::status && !text.empty() && !text.ends_with('\n');
  Stanza stanza;
  std::size_t line = 1;

  const auto finish = [&]() -> Result<void> {
    if (stanza.first_line == 0) return {};
    if (entries.size() == kMaxPackages) return at(line, Errc::over_limit, "too many packages");
    auto entry = entry_of(stanza, path, shape);
    if (!entry) return entry.error();
    entries.push_back(std::move(*entry));
    stanza.clear();
    return {};
  };

  for (; !text.empty(); ++line) {
    const std::string_view row = take_line(text);

    if (row.empty()) {
      if (auto done = finish(); !done) return done;
      continue;
    }
    if (row.find('\0') != row.npos) return at(line, Errc::malformed, "a NUL byte");
    if (row[0] == ' ' || row[0] == '\t') {  // the rest of a folded field: none of those that are read
      if (trimmed(row).empty()) return at(line, Errc::malformed, "a blank line inside a field");
      if (stanza.first_line == 0) return at(line, Errc::malformed, "a continuation line before any field");
      continue;
    }
    const std::size_t colon = row.find(':');
    if (colon == row.npos) return at(line, Errc::malformed, "a field without a colon");
    const std::string_view name = row.substr(0, colon);
    if (!is_field_name(name)) return at(line, Errc::malformed, "what comes before the colon is not a field name");
    if (stanza.first_line == 0) stanza.first_line = line;
    if (stanza.names.size() == kMaxFields) return at(line, Errc::over_limit, "too many fields in a stanza");
    if (!stanza.add_name(name)) {
      return at(line, Errc::malformed, "the field " + std::string(name) + " is given twice in a stanza");
    }
    if (std::string_view* const field = stanza.field(name)) { *field = trimmed(row.substr(colon + 1)); }
  }
  if (cut_short) return at(line - 1, Errc::truncated, "cut short: no line break at the end");
  return finish();
}

}  // namespace initscan
