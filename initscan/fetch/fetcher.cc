#include "initscan/fetch/fetcher.h"

#include "initscan/fetch/line_program.h"

namespace initscan {

Result<std::vector<FetchLine>> fetch_all(const std::string& program, const std::string& folder,
                                         const std::string& ca_file, const std::vector<FetchTask>& tasks,
                                         std::uint64_t most_bytes,
                                         const std::function<void(const FetchLine&)>& progress) {
  std::vector<std::string> words{program, "--into=" + folder, "--most-bytes=" + std::to_string(most_bytes)};
  if (!ca_file.empty()) words.push_back("--ca=" + ca_file);
  std::vector<std::string> names;
  for (const FetchTask& task : tasks) {
    words.push_back("--get=" + task.name + '=' + task.url);
    names.push_back(task.name);
  }
  return run_line_program(words, names, progress);
}

}  // namespace initscan
