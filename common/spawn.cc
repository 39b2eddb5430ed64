#include "common/spawn.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace initscan {
namespace {

class Actions {
 public:
  Actions() { keep(posix_spawn_file_actions_init(&actions_)); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

  void leave_only(int descriptor, int there) {
    keep(posix_spawn_file_actions_adddup2(&actions_, descriptor, there));
    if (there != STDIN_FILENO) open_null(STDIN_FILENO, O_RDONLY);
    if (there != STDOUT_FILENO) open_null(STDOUT_FILENO, O_WRONLY);
    keep(posix_spawn_file_actions_addclosefrom_np(&actions_, std::max(there, STDERR_FILENO) + 1));
  }

  int fault() const { return fault_; }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  void open_null(int place, int mode) {
    keep(posix_spawn_file_actions_addopen(&actions_, place, "/dev/null", mode, 0));
  }

  void keep(int result) {
    if (fault_ == 0) fault_ = result;
  }

  posix_spawn_file_actions_t actions_{};
  int fault_ = 0;
};

Errc errc_of(int fault) {
  switch (fault) {
    case ENOENT: return Errc::not_found;
    case EACCES: return Errc::refused;
    default: return Errc::io;
  }
}

}  // namespace

Result<pid_t> spawn(std::vector<std::string> words, int descriptor, int there) {
  Actions actions;
  actions.leave_only(descriptor, there);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int fault =
      actions.fault() != 0 ? actions.fault() : posix_spawn(&pid, argv[0], actions.get(), nullptr, argv.data(), environ);
  if (fault != 0) return Error{errc_of(fault), words.front() + ": cannot start it: " + std::strerror(fault)};
  return pid;
}

}  // namespace initscan
