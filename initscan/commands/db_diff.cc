#include "common/text/visible.h"
#include "initscan/commands/db_commands.h"

#include <map>
#include <set>

namespace initscan {
namespace {

// What is said of a package: the statements about each vulnerability, in their order.
using Said = std::map<std::string, std::string>;

Result<Said> said_of(const AdvisoryIndex& index, const std::string& ecosystem, const std::string& package) {
  std::map<std::uint32_t, std::string> by_number;
  auto read = index.for_each(ecosystem, package, [&](const AffectedRow& row) {
    std::string& words = by_number[row.vulnerability];
    words += (words.empty() ? "" : "; ") + words_of(row);
  });
  if (!read) return read.error();
  Said said;
  for (auto& [number, words] : by_number) {
    const auto details = index.details(number);
    if (!details) return details.error();
    said.emplace(details->id, std::move(words));
  }
  return said;
}

class Difference {
 public:
  Difference(const AdvisoryIndex& older, const AdvisoryIndex& newer) : older_(older), newer_(newer) {}

  Result<void> print() {
    std::set<std::string> names;
    for (const AdvisoryIndex* const index : {&older_, &newer_}) {
      const auto ecosystems = index->ecosystems();
      if (!ecosystems) return ecosystems.error();
      for (const auto& ecosystem : *ecosystems) names.insert(ecosystem.name);
    }
    for (const std::string& name : names) {
      if (auto printed = print_ecosystem(name); !printed) return printed;
    }
    std::printf("%llu vulnerabilities of packages added, %llu removed, %llu changed\n", added_, removed_, changed_);
    return {};
  }

 private:
  Result<void> print_ecosystem(const std::string& ecosystem) {
    std::set<std::string> packages;
    for (const AdvisoryIndex* const index : {&older_, &newer_}) {
      auto read = index->for_each_package(ecosystem, [&](std::string_view package) -> Result<void> {
        packages.emplace(package);
        return {};
      });
      if (!read) return read;
    }
    for (const std::string& package : packages) {
      const auto before = said_of(older_, ecosystem, package);
      if (!before) return before.error();
      const auto now = said_of(newer_, ecosystem, package);
      if (!now) return now.error();
      print_package(visible(ecosystem) + ' ' + visible(package), *before, *now);
    }
    return {};
  }

  void print_package(const std::string& package, const Said& before, const Said& now) {
    for (const auto& [id, words] : before) {
      const auto found = now.find(id);
      if (found == now.end()) {
        print_line('-', removed_, package, id, words);
      } else if (found->second != words) {
        print_line('~', changed_, package, id, found->second + " (was: " + words + ')');
      }
    }
    for (const auto& [id, words] : now) {
      if (!before.contains(id)) print_line('+', added_, package, id, words);
    }
  }

  static void print_line(char mark, unsigned long long& count, const std::string& package, const std::string& id,
                         const std::string& words) {
    ++count;
    std::printf("%c %s %s: %s\n", mark, package.c_str(), visible(id).c_str(), words.c_str());
  }

  const AdvisoryIndex& older_;
  const AdvisoryIndex& newer_;
  unsigned long long added_ = 0, removed_ = 0, changed_ = 0;
};

}  // namespace

Result<ExitCode> db_diff(const std::string& older_path, const std::string& newer_path) {
  const auto older = AdvisoryIndex::open(older_path);
  if (!older) return older.error();
  const auto newer = AdvisoryIndex::open(newer_path);
  if (!newer) return newer.error();
  if (auto printed = Difference(*older, *newer).print(); !printed) return printed.error();
  return ExitCode::pass;
}

}  // namespace initscan
