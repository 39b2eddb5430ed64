// initscan-fetch: brings files from servers into a folder, and reads none of them.
#include "common/cli/run.h"
#include "common/http/client.h"
#include "common/text/visible.h"
#include "common/version.h"
#include "initscan/fetch/download.h"
#include "initscan/fetch/fetch_line.h"
#include "initscan/fetch/line_speaker.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr std::size_t kAtOnce = 3;  // more would not be polite to a server that most files come from
constexpr std::size_t kMaxTasks = 200;

struct FetchOptions {
  std::string folder;
  std::string ca_file;
  std::vector<std::string> get;
  std::uint64_t most_bytes = kMaxDownloadBytes;
};

struct Task {
  std::string name;
  std::string url;
};

Result<Task> task_of(const std::string& argument) {
  const std::size_t mark = argument.find('=');
  Task task{argument.substr(0, mark), mark == argument.npos ? "" : argument.substr(mark + 1)};
  if (!is_fetch_name(task.name) || task.url.empty()) {
    return Error{Errc::usage, "--get: want NAME=URL, got \"" + visible(argument) + '"'};
  }
  return task;
}

HttpClientOptions client_options(const std::string& ca_file) {
  HttpClientOptions options;
  options.ca_file = ca_file;
  return options;
}

class Fetching {
 public:
  Fetching(const FetchOptions& options, std::vector<Task> tasks)
      : folder_(options.folder),
        most_bytes_(options.most_bytes),
        tasks_(std::move(tasks)),
        client_(client_options(options.ca_file)) {}

  // Whether all of it was fetched.
  bool run() {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(kAtOnce, tasks_.size()); ++i) threads.emplace_back([this] { work(); });
    threads.clear();
    return failed_ == 0;
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < tasks_.size(); i = next_++) fetch_one(tasks_[i]);
  }

  void fetch_one(const Task& task) {
    auto fetched =
        fetch(client_, {task.url, {}, {}, most_bytes_}, KeptFile(folder_, task.name), speaker_.progress_of(task.name));
    if (fetched) {
      const bool is_new = *fetched == Fetched::fetched;
      return speaker_.say({is_new ? FetchLine::Kind::fetched : FetchLine::Kind::unchanged, task.name, 0, 0, {}});
    }
    ++failed_;
    speaker_.say_failed(task.name, fetched.error());
  }

  const std::string folder_;
  const std::uint64_t most_bytes_;
  const std::vector<Task> tasks_;
  const HttpClient client_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> failed_{0};
  LineSpeaker speaker_;
};

Result<ExitCode> run(const FetchOptions& options) {
  if (options.get.size() > kMaxTasks) {
    return Error{Errc::usage, "--get: more than " + std::to_string(kMaxTasks) + " files"};
  }
  std::vector<Task> tasks;
  for (const std::string& argument : options.get) {
    auto task = task_of(argument);
    if (!task) return task.error();
    tasks.push_back(std::move(*task));
  }
  if (auto made = make_kept_folder(options.folder); !made) return made.error();
  if (auto bound = end_with_parent(); !bound) return bound.error();
  return Fetching(options, std::move(tasks)).run() ? ExitCode::pass : ExitCode::undecided;
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  CLI::App app("Brings files into a folder, unless they are there already. initscan db update starts it.",
               "initscan-fetch");
  app.set_version_flag("--version", std::string("initscan-fetch ") + initscan::kVersion, "Print the version");
  app.footer("Exit codes: 0 all files are there, 1 one of them is not, 64 wrong usage.");
  initscan::FetchOptions options;
  app.add_option("--into", options.folder, "The folder")->required()->type_name("FOLDER");
  app.add_option("--get", options.get, "A file of the folder, and where it comes from; repeatable")
      ->required()
      ->type_name("NAME=URL");
  app.add_option("--ca", options.ca_file, "Whom to trust, in PEM; without it the system's roots")->type_name("FILE");
  app.add_option("--most-bytes", options.most_bytes, "What each file may have")
      ->check(CLI::Range(std::uint64_t{1}, initscan::kMaxDownloadBytes))
      ->type_name("BYTES")
      ->capture_default_str();
  initscan::add_example(app,
                        "initscan-fetch --into feeds --get osv-Debian.zip=https://mirror.example.com/Debian/all.zip");
  initscan::Command chosen = [&options] { return initscan::run(options); };
  return initscan::run_program(app, chosen, argc, argv);
}
