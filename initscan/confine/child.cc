#include "initscan/confine/child.h"

#include "common/descriptor.h"
#include "common/output.h"
#include "initscan/confine/child_answer.h"
#include "initscan/confine/confine.h"
#include "initscan/confine/hide.h"
#include "initscan/confine/sanitized.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr int kAnswer = 3;  // the descriptor of the pipe, in the child

Error failed(const char* what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

// Nothing that the parent has open is the child's to use. A sanitizer reports to standard error.
Result<void> keep_only(int pipe) {
  if (dup2(pipe, kAnswer) < 0) return failed("cannot move a pipe");
  closefrom(kAnswer + 1);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (!kIsSanitized || fd != STDERR_FILENO) close(fd);
  }
  return {};
}

Result<void> lower(int resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return failed("getrlimit");
  value = std::min(value, limit.rlim_max);
  limit = {value, value};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return failed("setrlimit");
  return {};
}

Result<void> lower_limits(const ChildLimits& limits) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.time).count();
  struct Row {
    int resource;
    rlim_t value;
  };
  for (const Row& row : {Row{RLIMIT_CORE, 0}, Row{RLIMIT_FSIZE, 0}, Row{RLIMIT_NOFILE, kMaxChildFiles},
                         Row{RLIMIT_CPU, static_cast<rlim_t>(seconds)}, Row{RLIMIT_AS, kMaxChildMemoryBytes}}) {
    if (kIsSanitized && row.resource == RLIMIT_AS) continue;
    if (auto lowered = lower(row.resource, row.value); !lowered) return lowered;
  }
  return {};
}

Result<void> end_with(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return failed("cannot tie itself to its parent");
  if (getppid() != parent) return Error{Errc::io, "its parent has gone"};
  return {};
}

Result<std::string> confine_and_run(const ConfinedWork& work, const ChildLimits& limits, pid_t parent) {
  if (auto tied = end_with(parent); !tied) return tied.error();
  if (auto hidden = hide_memory(); !hidden) return hidden.error();
  if (auto lowered = lower_limits(limits); !lowered) return lowered.error();
  // From here on the child has one descriptor, which is the pipe, and its means are bounded.
  const auto confinement = confine(work.readable);
  if (!confinement) return confinement.error();
  // From here on it can read below `readable` and answer, nothing else; no byte of the image has been read yet.
  return work.run(*confinement);
}

Result<std::string> run_or_say_why(const ConfinedWork& work, const ChildLimits& limits, pid_t parent) {
  try {
    return confine_and_run(work, limits, parent);
  } catch (const std::bad_alloc&) {
    return Error{Errc::over_limit, work.place + ": takes more memory than the limit of " +
                                       std::to_string(kMaxChildMemoryBytes >> 20) + " MiB"};
  } catch (const std::exception& e) { return Error{Errc::io, work.place + ": internal: " + e.what()}; }
}

[[noreturn]] void be_child(int pipe, const ConfinedWork& work, const ChildLimits& limits, pid_t parent) {
  if (!keep_only(pipe)) _exit(kUnfit);
  const auto answer = run_or_say_why(work, limits, parent);
  const std::string& words = answer ? *answer : answer.error().text;
  const auto written = write_output(kAnswer, words);
  // Nothing of the parent's is unwound or flushed here.
  _exit(!written ? kUnfit : answer ? kAnswers : kComplains);
}

}  // namespace

Result<ChildAnswer> run_confined(const ConfinedWork& work, const ChildLimits& limits) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failed("cannot make a pipe").within(work.place);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  // Who started us may have ignored it, and then nobody would learn how the child ended.
  std::signal(SIGCHLD, SIG_DFL);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return failed("cannot start a process").within(work.place);
  if (child == 0) be_child(writing.fd(), work, limits, parent);
  writing = Descriptor();
  auto answer = answer_of(child, reading.fd(), limits);
  if (!answer) return std::move(answer).error().within(work.place);
  return answer;
}

}  // namespace initscan
