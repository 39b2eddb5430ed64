#include "initscan/analyze/apk_db.h"

#include "common/lines.h"
#include "initscan/analyze/analyzer.h"

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
  Package package;
  package.type = PackageType::apk;
  package.name = record.name;
  package.version = record.version;
  package.architecture = record.architecture;
  package.source_name = record.origin.empty() ? record.name : record.origin;
  package.source_version = record.version;
  package.path = path;
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
    if (row.size() < 2 || row[1] != ':') return at(line, Errc::malformed, "want X:value");
    if (record.first_line == 0) record.first_line = line;
    if (std::string_view* const field = record.field(row[0])) {
      *field = row.substr(2);
      if (field->size() > kMaxFieldBytes) return at(line, Errc::over_limit, "a field that is too long");
    }
  }
  if (cut_short) return at(line - 1, Errc::truncated, "cut short: no line break at the end");
  return finish();
}

}  // namespace initscan
