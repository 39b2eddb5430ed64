#include "initscan/analyze/apk_analyzer.h"

#include "common/text/lines.h"
#include "initscan/analyze/apk_db.h"

#include <optional>
#include <string_view>
#include <unordered_set>

namespace initscan {
namespace {

constexpr const char* kWorld = "etc/apk/world";  // what someone asked apk to install, by name
constexpr std::size_t kMaxWorldBytes = 1 << 20;
constexpr std::string_view kBlank = " \t\r\n";

// "name=1.2", "name>1", "name~1", "name@repository" -> "name"
std::string_view bare_name(std::string_view dependency) {
  return dependency.substr(0, dependency.find_first_of("=<>~@"));
}

template <class Visit>
void for_each_word(std::string_view text, Visit visit) {
  for (std::size_t start = text.find_first_not_of(kBlank); start != text.npos;) {
    const std::size_t end = text.find_first_of(kBlank, start);
    visit(text.substr(start, end == text.npos ? end : end - start));
    start = text.find_first_not_of(kBlank, end);
  }
}

// The names under which the packages of a database are asked for: their own (P:) and those that they provide (p:).
void add_names(std::string_view database, std::unordered_set<std::string>& names) {
  while (!database.empty()) {
    const std::string_view line = take_line(database);
    if (!line.starts_with("P:") && !line.starts_with("p:")) continue;
    for_each_word(line.substr(2), [&](std::string_view word) { names.emplace(bare_name(word)); });
  }
}

// apk keeps what was asked for apart from what it installed: a package that is in the first alone was taken out.
void check_world(const ImageFiles& files, const std::unordered_set<std::string>& names, Inventory& inventory) {
  const auto world = files.read(kWorld, kMaxWorldBytes);
  if (!world) {
    inventory.incomplete.push_back(std::string(kWorld) + ": " + world.error().text);
    return;
  }
  if (!world->has_value()) return;
  std::size_t missing = 0;
  std::string first;
  for_each_word(**world, [&](std::string_view word) {
    const std::string name(bare_name(word));
    if (word.starts_with('!') || names.contains(name)) return;  // "!name": it must not be there
    if (missing++ == 0) first = name;
  });
  if (missing == 0) return;
  inventory.incomplete.push_back(std::string(kWorld) + ": names " + std::to_string(missing) +
                                 (missing == 1 ? " package" : " packages") +
                                 " that apk's database does not list, such as \"" + first + '"');
}

}  // namespace

void ApkAnalyzer::look_up(const ImageFiles& files, Inventory& inventory) const {
  std::optional<std::string> first;
  std::unordered_set<std::string> names;
  bool is_sound = true;
  for (const std::string path : {"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
    auto text = files.read(path, kMaxDatabaseBytes);
    if (text && !text->has_value()) continue;
    if (text && *text == first) continue;  // where /lib is a link to usr/lib the two are one file
    inventory.databases.push_back({PackageType::apk, path});
    const std::size_t before = inventory.packages.size();
    if (!text) {
      inventory.incomplete.push_back(path + ": " + text.error().text);
      is_sound = false;
      continue;
    }
    if (auto parsed = parse_apk_db(**text, path, inventory.packages); !parsed) {
      inventory.incomplete.push_back(path + ": " + parsed.error().text);
      is_sound = false;
    } else if (inventory.packages.size() == before) {
      inventory.incomplete.push_back(path + ": exists but lists no package");
      is_sound = false;
    }
    add_names(**text, names);
    first = std::move(*text);
  }
  if (first && is_sound) check_world(files, names, inventory);
}

}  // namespace initscan
