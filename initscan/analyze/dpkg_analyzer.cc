#include "initscan/analyze/dpkg_analyzer.h"

#include "initscan/analyze/dpkg_status.h"

#include <string>
#include <unordered_set>

namespace initscan {
namespace {

constexpr const char* kStatus = "var/lib/dpkg/status";
constexpr const char* kStatusFolder = "var/lib/dpkg/status.d";
constexpr const char* kInfoFolder = "var/lib/dpkg/info";
constexpr std::size_t kMaxControlFiles = 20'000;  // names in status.d
constexpr std::size_t kMaxInfoFiles = 2'000'000;  // names in info: about five for each package
constexpr std::size_t kMaxControlBytes = 1 << 20;

// One database file; false where it is not there.
bool read_database(const ImageFiles& files, const std::string& path, DpkgShape shape, std::size_t max_bytes,
                   Inventory& inventory, std::vector<DpkgEntry>& entries) {
  const auto text = files.read(path, max_bytes);
  if (!text) {
    inventory.incomplete.push_back(path + ": " + text.error().text);
    return true;
  }
  if (!text->has_value()) return false;
  if (auto parsed = parse_dpkg_status(**text, path, shape, entries); !parsed) {
    inventory.incomplete.push_back(path + ": " + parsed.error().text);
  }
  return true;
}

bool read_control_files(const ImageFiles& files, Inventory& inventory, std::vector<DpkgEntry>& entries) {
  const auto names = files.list(kStatusFolder, kMaxControlFiles);
  if (!names) {
    inventory.incomplete.push_back(std::string(kStatusFolder) + ": " + names.error().text);
    return true;
  }
  if (!names->has_value()) return false;
  for (const std::string& name : **names) {
    if (name.ends_with(".md5sums")) continue;  // checksums of the package's files
    read_database(files, std::string(kStatusFolder) + '/' + name, DpkgShape::control, kMaxControlBytes, inventory,
                  entries);
  }
  return true;
}

// Packages of which dpkg's info folder holds a list of files and the database holds nothing.
void check_file_lists(const ImageFiles& files, const std::vector<DpkgEntry>& entries, Inventory& inventory) {
  const auto names = files.list(kInfoFolder, kMaxInfoFiles);
  if (!names) {
    inventory.incomplete.push_back(std::string(kInfoFolder) + ": " + names.error().text);
    return;
  }
  if (!names->has_value()) return;  // slimmed images leave it out

  std::unordered_set<std::string_view> known;
  for (const DpkgEntry& entry : entries) known.insert(entry.package.name);
  std::size_t missing = 0;
  std::string first;
  for (const std::string& name : **names) {
    constexpr std::string_view kSuffix = ".list";
    if (!name.ends_with(kSuffix)) continue;
    const std::string_view stem(name.data(), name.size() - kSuffix.size());
    const std::string_view package = stem.substr(0, stem.find(':'));  // "libc6:amd64"
    if (known.contains(package)) continue;
    if (missing++ == 0) first = package;
  }
  if (missing == 0) return;
  inventory.incomplete.push_back(std::string(kStatus) + ": does not know " + std::to_string(missing) +
                                 " packages whose files " + kInfoFolder + " lists, such as \"" + first + '"');
}

}  // namespace

void DpkgAnalyzer::analyze(const ImageFiles& files, Inventory& inventory) const {
  std::vector<DpkgEntry> entries;
  const bool status = read_database(files, kStatus, DpkgShape::status, kMaxDatabaseBytes, inventory, entries);
  if (status) inventory.databases.emplace_back(kStatus);
  if (read_control_files(files, inventory, entries)) inventory.databases.emplace_back(kStatusFolder);
  check_file_lists(files, entries, inventory);

  for (DpkgEntry& entry : entries) {
    if (entry.installed) inventory.packages.push_back(std::move(entry.package));
  }
}

}  // namespace initscan
