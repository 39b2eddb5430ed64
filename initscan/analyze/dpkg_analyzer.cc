#include "initscan/analyze/dpkg_analyzer.h"

#include "initscan/analyze/dpkg_status.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace initscan {
namespace {

constexpr const char* kStatus = "var/lib/dpkg/status";
constexpr const char* kStatusFolder = "var/lib/dpkg/status.d";
constexpr const char* kInfoFolder = "var/lib/dpkg/info";
constexpr std::size_t kMaxControlFiles = 20'000;  // names in status.d
constexpr std::size_t kMaxInfoFiles = 2'000'000;  // names in info: about five for each package
constexpr std::size_t kMaxControlBytes = 1 << 20;

// One database file, which names at least one package; false where it is not there.
bool read_database(const ImageFiles& files, const std::string& path, DpkgShape shape, std::size_t max_bytes,
                   Inventory& inventory, std::vector<DpkgEntry>& entries) {
  const auto text = files.read(path, max_bytes);
  if (!text) {
    inventory.incomplete.push_back(path + ": " + text.error().text);
    return true;
  }
  if (!text->has_value()) return false;
  const std::size_t before = entries.size();
  if (auto parsed = parse_dpkg_status(**text, path, shape, entries); !parsed) {
    inventory.incomplete.push_back(path + ": " + parsed.error().text);
  } else if (entries.size() == before) {
    inventory.incomplete.push_back(path + ": exists but lists no package");
  }
  return true;
}

constexpr std::string_view kSums = ".md5sums";  // checksums of a package's files, next to its control file

// Packages whose checksums, but not control file, are in status.d.
void check_sums(const std::vector<std::string>& names, Inventory& inventory) {
  for (const std::string& name : names) {
    if (!name.ends_with(kSums)) continue;
    const std::string package = name.substr(0, name.size() - kSums.size());
    if (std::binary_search(names.begin(), names.end(), package)) continue;
    inventory.incomplete.push_back(std::string(kStatusFolder) + ": has the checksums of \"" + package +
                                   "\" but not the package");
    return;
  }
}

bool read_control_files(const ImageFiles& files, Inventory& inventory, std::vector<DpkgEntry>& entries) {
  const auto names = files.list(kStatusFolder, kMaxControlFiles);
  if (!names) {
    inventory.incomplete.push_back(std::string(kStatusFolder) + ": " + names.error().text);
    return true;
  }
  if (!names->has_value()) return false;
  check_sums(**names, inventory);
  if ((*names)->empty()) inventory.incomplete.push_back(std::string(kStatusFolder) + ": exists but lists no package");
  for (const std::string& name : **names) {
    if (name.ends_with(kSums)) continue;
    read_database(files, std::string(kStatusFolder) + '/' + name, DpkgShape::control, kMaxControlBytes, inventory,
                  entries);
  }
  return true;
}

// "libc6:amd64.md5sums" -> "libc6"; "" for a file of another kind.
std::string_view package_of(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return {};
  const std::string_view stem = name.substr(0, name.size() - suffix.size());
  return stem.substr(0, stem.find(':'));
}

// How many, and the first of them.
struct Counted {
  std::size_t count = 0;
  std::string_view first;

  void add(std::string_view package) {
    if (count++ == 0) first = package;
  }
  std::string packages() const { return std::to_string(count) + (count == 1 ? " package" : " packages"); }
};

// What dpkg leaves when it has worked in a root. Its package brings none of it, and those who put together a root by
// unpacking packages, and write the status for them, have none of it either: their status is complete without lists.
constexpr std::array<const char*, 7> kWorkOfDpkg{
    "var/lib/dpkg/status-old", "var/lib/dpkg/available",    "var/lib/dpkg/lock", "var/lib/dpkg/triggers",
    "var/lib/dpkg/diversions", "var/lib/dpkg/statoverride", "var/log/dpkg.log"};

bool has_dpkg_worked(const ImageFiles& files) {
  return std::any_of(kWorkOfDpkg.begin(), kWorkOfDpkg.end(), [&](const char* path) {
    const auto exists = files.exists(path);
    return exists && *exists;
  });
}

// dpkg writes a list of its files for each package that it installs. Where it has worked and there is not one, the
// lists were removed, and with them what would show that the status was cut.
void demand_file_lists(const ImageFiles& files, const std::vector<std::string>& names,
                       const std::vector<DpkgEntry>& entries, Inventory& inventory) {
  const auto is_list = [](const std::string& name) { return name.ends_with(".list"); };
  if (std::any_of(names.begin(), names.end(), is_list)) return;
  const auto is_of_status = [](const DpkgEntry& entry) { return entry.installed && entry.package.path == kStatus; };
  const auto installed = std::count_if(entries.begin(), entries.end(), is_of_status);
  if (installed == 0 || (names.empty() && !has_dpkg_worked(files))) return;
  inventory.incomplete.push_back(std::string(kStatus) + ": names " + std::to_string(installed) +
                                 (installed == 1 ? " installed package" : " installed packages") + ", and " +
                                 kInfoFolder +
                                 " has a list of files for none: the lists were removed, so nothing shows whether "
                                 "packages were removed from the database as well");
}

// Packages of which dpkg's info folder holds a list of files and the database nothing; and those that are removed by
// the database, whose checksums dpkg would have taken away with their files.
void check_file_lists(const ImageFiles& files, const std::vector<DpkgEntry>& entries, Inventory& inventory) {
  const auto names = files.list(kInfoFolder, kMaxInfoFiles);
  if (!names) {
    inventory.incomplete.push_back(std::string(kInfoFolder) + ": " + names.error().text);
    return;
  }
  demand_file_lists(files, names->value_or(std::vector<std::string>()), entries, inventory);
  if (!names->has_value()) return;

  std::unordered_map<std::string_view, bool> is_installed;
  for (const DpkgEntry& entry : entries) is_installed[entry.package.name] |= entry.installed;
  Counted unknown;
  Counted removed;
  for (const std::string& name : **names) {
    if (const auto package = package_of(name, ".list"); !package.empty()) {
      if (!is_installed.contains(package)) unknown.add(package);
    } else if (const auto summed = package_of(name, kSums); !summed.empty()) {
      const auto place = is_installed.find(summed);
      if (place != is_installed.end() && !place->second) removed.add(summed);
    }
  }
  if (unknown.count > 0) {
    inventory.incomplete.push_back(std::string(kStatus) + ": does not know " + unknown.packages() + " whose files " +
                                   kInfoFolder + " lists, such as \"" + std::string(unknown.first) + '"');
  }
  if (removed.count > 0) {
    inventory.incomplete.push_back(std::string(kStatus) + ": calls " + removed.packages() +
                                   " removed although their checksums are still in " + kInfoFolder + ", such as \"" +
                                   std::string(removed.first) + '"');
  }
}

// dpkg's database has a package once for each architecture. Twice with two versions: damage, or one database that
// contradicts the other; which of them is right cannot be known.
void check_versions(const std::vector<DpkgEntry>& entries, Inventory& inventory) {
  std::unordered_map<std::string, const Package*> known;
  for (const DpkgEntry& entry : entries) {
    const Package& package = entry.package;
    if (!entry.installed) continue;
    const auto [place, is_new] = known.try_emplace(package.name + ':' + package.architecture, &package);
    if (is_new || place->second->version == package.version) continue;
    inventory.incomplete.push_back(package.path + ": " + package.name + " is " + package.version + " here and " +
                                   place->second->version + " in " + place->second->path);
    return;
  }
}

}  // namespace

void DpkgAnalyzer::look_up(const ImageFiles& files, Inventory& inventory) const {
  std::vector<DpkgEntry> entries;
  const bool status = read_database(files, kStatus, DpkgShape::status, kMaxDatabaseBytes, inventory, entries);
  if (status) inventory.databases.push_back({PackageType::deb, kStatus});
  if (read_control_files(files, inventory, entries)) inventory.databases.push_back({PackageType::deb, kStatusFolder});
  check_file_lists(files, entries, inventory);
  check_versions(entries, inventory);

  for (DpkgEntry& entry : entries) {
    if (entry.installed) inventory.packages.push_back(std::move(entry.package));
  }
}

}  // namespace initscan
