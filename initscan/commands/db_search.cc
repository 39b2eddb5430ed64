#include "common/text/join.h"
#include "common/text/visible.h"
#include "initscan/commands/db_commands.h"

#include <algorithm>
#include <map>

namespace initscan {
namespace {

class Search {
 public:
  explicit Search(const AdvisoryIndex& index) : index_(index) {}

  /// What is said of these vulnerabilities, or of all, in one package.
  Result<void> print_package(const std::string& ecosystem, const std::string& package,
                             const std::vector<std::uint32_t>* only) {
    std::vector<std::pair<std::uint32_t, std::string>> lines;
    auto read = index_.for_each(ecosystem, package, [&](const AffectedRow& row) {
      if (only == nullptr || std::binary_search(only->begin(), only->end(), row.vulnerability)) {
        lines.emplace_back(row.vulnerability, words_of(row));
      }
    });
    if (!read) return read;
    for (const auto& [number, words] : lines) {
      const auto details = index_.details(number);
      if (!details) return details.error();
      std::printf("%s %s %s: %s\n", visible(ecosystem).c_str(), visible(package).c_str(), visible(details->id).c_str(),
                  words.c_str());
      ++found_;
    }
    return {};
  }

  Result<void> print_vulnerabilities(const std::vector<std::string>& ecosystems,
                                     const std::vector<std::uint32_t>& numbers) {
    for (const std::uint32_t number : numbers) {
      const auto details = index_.details(number);
      if (!details) return details.error();
      const std::string aliases = join(details->aliases);
      std::printf("%s%s%s%s\n", visible(details->id).c_str(), aliases.empty() ? "" : " (",
                  aliases.empty() ? "" : (visible(aliases) + ')').c_str(),
                  details->summary.empty() ? "" : (": " + visible(details->summary)).c_str());
    }
    for (const std::string& ecosystem : ecosystems) {
      auto read = index_.for_each_package(ecosystem, [&](std::string_view package) {
        return print_package(ecosystem, std::string(package), &numbers);
      });
      if (!read) return read;
    }
    return {};
  }

  bool has_found() const { return found_ > 0; }

 private:
  const AdvisoryIndex& index_;
  std::size_t found_ = 0;
};

}  // namespace

Result<ExitCode> db_search(const std::string& path, const std::string& word) {
  const auto index = AdvisoryIndex::open(path);
  if (!index) return index.error();
  const auto complain = [&](const Error& error) { return Error(error).within(path); };
  const auto summaries = index->ecosystems();
  if (!summaries) return complain(summaries.error());
  std::vector<std::string> ecosystems;
  for (const auto& summary : *summaries) ecosystems.push_back(summary.name);
  const auto numbers = index->find_vulnerabilities(word);
  if (!numbers) return complain(numbers.error());

  Search search(*index);
  if (!numbers->empty()) {
    if (auto printed = search.print_vulnerabilities(ecosystems, *numbers); !printed) return complain(printed.error());
  }
  for (const std::string& ecosystem : ecosystems) {
    if (auto printed = search.print_package(ecosystem, word, nullptr); !printed) return complain(printed.error());
  }
  if (search.has_found()) return ExitCode::pass;
  return Error{Errc::not_found, path + ": nothing is known of a package or a vulnerability \"" + visible(word) +
                                    "\"; initscan db info says what is in it"};
}

}  // namespace initscan
