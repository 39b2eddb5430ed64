#include "initscan/analyze/rpm_manifest.h"

#include "common/text/lines.h"
#include "common/text/whole_number.h"
#include "initscan/analyze/analyzer.h"
#include "initscan/analyze/rpm_package.h"

#include <array>
#include <string>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kFields = 10;
enum Field : std::size_t {
  name_field = 0,
  version_field = 1,
  architecture_field = 7,
  epoch_field = 8,
  source_field = 9
};

Error at(std::size_t line, Errc code, std::string text) {
  return {code, std::to_string(line) + ": " + std::move(text)};
}

std::string_view value_of(std::string_view field) {
  return field == "(none)" ? std::string_view() : field;
}

Result<std::array<std::string_view, kFields>> fields_of(std::string_view row) {
  std::array<std::string_view, kFields> fields;
  std::size_t count = 1;
  for (const char c : row) count += c == '\t';
  if (count != kFields) {
    return Error{Errc::malformed, "want " + std::to_string(kFields) + " fields, has " + std::to_string(count)};
  }
  for (std::string_view& field : fields) {
    field = row.substr(0, row.find('\t'));
    row.remove_prefix(std::min(field.size() + 1, row.size()));
    field = value_of(field);
  }
  return fields;
}

Result<RpmHeader> header_of(std::string_view row) {
  const auto fields = fields_of(row);
  if (!fields) return fields.error();
  RpmHeader header;
  header.name = (*fields)[name_field];
  const std::string_view version = (*fields)[version_field];
  const std::size_t dash = version.rfind('-');
  header.version = version.substr(0, dash);
  if (dash != version.npos) header.release = version.substr(dash + 1);
  header.architecture = (*fields)[architecture_field];
  header.source_rpm = (*fields)[source_field];
  const std::string_view epoch = (*fields)[epoch_field];
  const auto number = whole_number<std::uint32_t>(epoch);
  if (!epoch.empty() && !number) return Error{Errc::malformed, "an epoch that is no number"};
  if (number) header.epoch = *number;
  return header;
}

}  // namespace

Result<void> parse_rpm_manifest(std::string_view text, std::string_view path, std::vector<Package>& packages) {
  const bool is_cut_short = !text.empty() && !text.ends_with('\n');
  std::size_t line = 1;
  for (; !text.empty(); ++line) {
    const auto header = header_of(take_line(text));
    if (!header) return Error(header.error()).within(std::to_string(line));
    auto package = package_of_rpm(*header, path);
    if (!package) return Error(package.error()).within(std::to_string(line));
    if (!*package) continue;
    if (packages.size() == kMaxPackages) return at(line, Errc::over_limit, "too many packages");
    packages.push_back(std::move(**package));
  }
  if (is_cut_short) return at(line - 1, Errc::truncated, "cut short: no line break at the end");
  return {};
}

}  // namespace initscan
