#include "initscan/analyze/apk_db.h"

#include "common/text/ascii.h"
#include "common/text/in_quotes.h"
#include "common/text/lines.h"
#include "initscan/analyze/analyzer.h"
#include "initscan/model/package_limits.h"

#include <bitset>
#include <cstddef>
#include <string>

namespace initscan {
namespace {

Error at(std::size_t line, Errc code, std::string text) {
  return {code, std::to_string(line) + ": " + std::move(text)};
}

struct Record {
  std::size_t first_line = 0;  // 0: nothing read yet
  std::string_view name, version, architecture, origin;
  std::bitset<128> seen;  // letters of the package's own fields

  // False where a field of the package is given twice, as where two records became one. Those of its files (F: and
  // what follows) stand as often as there are files.
  bool add_letter(char letter) {
    constexpr std::string_view kOfFiles = "FMRaZ";
    const std::size_t place = static_cast<unsigned char>(letter);
    if (kOfFiles.find(letter) != kOfFiles.npos) return true;
    if (seen[place]) return false;
    seen.set(place);
    return true;
  }

  std::string_view* field(char letter) {
    switch (letter) {
      case 'P': return &name;
      case 'V': return &version;
      case 'A': return &architecture;
      case 'o': return &origin;
      default: return nullptr;
    }
  }
};

Result<Package> package_of(const Record& record, std::string_view path) {
  if (record.name.empty()) return at(record.first_line, Errc::malformed, "a record without P:");
  if (record.version.empty()) return at(record.first_line, Errc::malformed, "a record without V:");
  for (const std::string_view name : {record.name, record.origin}) {
    if (name.empty() || is_package_name(PackageType::apk, name)) continue;
    return at(record.first_line, Errc::malformed, "P: or o: is not a package name: " + in_quotes(name));
  }
  Package package;
  package.type = PackageType::apk;
  package.name = record.name;
  package.version = record.version;
  package.architecture = record.architecture;
  package.source_name = record.origin.empty() ? record.name : record.origin;
  package.source_version = record.version;
  package.path = path;
  if (std::string why = too_long_in(package); !why.empty()) {
    return at(record.first_line, Errc::over_limit, std::move(why));
  }
  return package;
}

}  // namespace

Result<void> parse_apk_db(std::string_view text, std::string_view path, std::vector<Package>& packages) {
  const bool cut_short = !text.empty() && !text.ends_with('\n');
  Record record;
  std::size_t line = 1;

  const auto finish = [&]() -> Result<void> {
    if (record.first_line == 0) return {};
    if (packages.size() >= kMaxPackages) return at(line, Errc::over_limit, "too many packages");
    auto package = package_of(record, path);
    if (!package) return package.error();
    packages.push_back(std::move(*package));
    record = {};
    return {};
  };

  for (; !text.empty(); ++line) {
    const std::string_view row = take_line(text);

    if (row.empty()) {
      if (auto done = finish(); !done) return done;
      continue;
    }
    if (row.size() < 2 || row[1] != ':' || !is_letter(row[0])) return at(line, Errc::malformed, "want X:value");
    if (row.find('\0') != row.npos) return at(line, Errc::malformed, "a NUL byte");
    if (record.first_line == 0) record.first_line = line;
    if (!record.add_letter(row[0])) {
      return at(line, Errc::malformed, std::string(1, row[0]) + ": is given twice in a record");
    }
    if (std::string_view* const field = record.field(row[0])) { *field = row.substr(2); }
  }
  if (cut_short) return at(line - 1, Errc::truncated, "cut short: no line break at the end");
  return finish();
}

}  // namespace initscan
