// The scanner with an analyzer that was taken over: a scan of images in which a file `attack` says what the code that
// reads them does. What the attack came to is told as a gap of the image, "attack: refused: ..." or "attack: done".
//
// hostile_scan INDEX OPEN-FOR-WRITING DIR.. prints the verdict as JSON and ends as `initscan gate` does. The scanner
// has OPEN-FOR-WRITING open, as it has its termination log.
#include "initscan/analyze/analyzer.h"
#include "initscan/analyze/apk_analyzer.h"
#include "initscan/analyze/dpkg_analyzer.h"
#include "initscan/analyze/foreign_databases.h"
#include "initscan/analyze/os_release.h"
#include "initscan/pipeline.h"
#include "initscan/report/report.h"
#include "initscan/source/open_image.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <string>

#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr int kAnswer = 3;  // of the child
constexpr ChildLimits kLimits{1 << 20, std::chrono::milliseconds(1500)};

pid_t scanner = 0;

// Each gives the result of a system call: negative where it was refused.
using Attack = std::function<long(const std::string& argument)>;

long open_by(const std::string& path, std::uint64_t flags) {
  open_how how{};
  how.flags = flags;
  how.mode = (flags & O_CREAT) != 0 ? 0600 : 0;
  return syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
}

// To whatever the child may have got from its parent.
long write_everywhere() {
  for (int fd = 0; fd < 4096; ++fd) {
    if (fd != kAnswer && write(fd, "attack", 6) > 0) return fd;
  }
  return -1;
}

[[noreturn]] void stall() {
  for (;;) poll(nullptr, 0, 1000);
}

void say(const std::string& words) {
  if (write(kAnswer, words.data(), words.size()) < 0) _exit(9);
}

const std::map<std::string, Attack>& attacks() {
  static const std::map<std::string, Attack> kAttacks{
      {"socket", [](const std::string&) { return socket(AF_INET, SOCK_STREAM, 0); }},
      {"unix-socket", [](const std::string&) { return socket(AF_UNIX, SOCK_DGRAM, 0); }},
      {"socketpair",
       [](const std::string&) {
         int ends[2];
         return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
       }},
      {"open", [](const std::string& path) { return open(path.c_str(), O_RDONLY); }},
      {"openat2", [](const std::string& path) { return open_by(path, O_RDONLY); }},
      {"write", [](const std::string& path) { return open(path.c_str(), O_WRONLY); }},
      {"write-openat2", [](const std::string& path) { return open_by(path, O_WRONLY); }},
      {"create", [](const std::string& path) { return open_by(path, O_WRONLY | O_CREAT); }},
      {"truncate", [](const std::string& path) { return truncate(path.c_str(), 0); }},
      {"unlink", [](const std::string& path) { return unlink(path.c_str()); }},
      {"rename", [](const std::string& path) { return rename(path.c_str(), (path + ".moved").c_str()); }},
      {"mkdir", [](const std::string& path) { return mkdir(path.c_str(), 0700); }},
      {"chmod", [](const std::string& path) { return chmod(path.c_str(), 0777); }},
      {"inherited", [](const std::string&) { return write_everywhere(); }},
      {"memory-of-scanner",
       [](const std::string&) { return open_by("/proc/" + std::to_string(scanner) + "/mem", O_RDWR); }},
      {"files-of-scanner",
       [](const std::string&) { return open_by("/proc/" + std::to_string(scanner) + "/fd/0", O_RDONLY); }},
      {"ptrace", [](const std::string&) { return ptrace(PTRACE_ATTACH, scanner, nullptr, nullptr); }},
      {"kill", [](const std::string&) { return kill(scanner, SIGTERM); }},
      {"tgkill", [](const std::string&) { return syscall(SYS_tgkill, scanner, scanner, SIGTERM); }},
      {"sigqueue", [](const std::string&) { return sigqueue(scanner, SIGTERM, sigval{}); }},
      {"exec",
       [](const std::string&) {
         char* const none[] = {nullptr};
         return execve("/bin/true", none, none);
       }},
      {"fork", [](const std::string&) { return syscall(SYS_fork); }},
      {"code",
       [](const std::string&) {
         const auto* const page =
             mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return page == MAP_FAILED ? -1 : 0;
       }},

      {"die", [](const std::string&) -> long { __builtin_trap(); }},
      {"stall", [](const std::string&) -> long { stall(); }},
      {"close-and-stall",
       [](const std::string&) -> long {
         close(kAnswer);
         stall();
       }},
      {"nothing", [](const std::string&) -> long { _exit(0); }},
      {"too-much",
       [](const std::string&) -> long {
         for (;;) say(std::string(4096, 'x'));
       }},
      {"say",
       [](const std::string& words) -> long {
         say(words);
         _exit(0);
       }},
      {"complain", [](const std::string& words) -> long {
         say(words);
         _exit(1);
       }}};
  return kAttacks;
}

class TakenOver : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override {
    const auto text = files.read("attack", 4096);
    if (!text || !text->has_value()) return;
    const std::size_t space = (*text)->find(' ');
    const auto attack = attacks().find((*text)->substr(0, space));
    if (attack == attacks().end()) return inventory.incomplete.push_back("attack: unknown");
    errno = 0;
    const bool is_done = attack->second(space == std::string::npos ? "" : (*text)->substr(space + 1)) >= 0;
    inventory.incomplete.push_back(is_done ? "attack: done" : std::string("attack: refused: ") + std::strerror(errno));
  }
};

}  // namespace

// In the place of the scanner's own.
Analyzers all_analyzers() {
  Analyzers all;
  all.push_back(std::make_unique<OsReleaseAnalyzer>());
  all.push_back(std::make_unique<DpkgAnalyzer>());
  all.push_back(std::make_unique<ApkAnalyzer>());
  all.push_back(std::make_unique<ForeignDatabases>());
  all.push_back(std::make_unique<TakenOver>());
  return all;
}

}  // namespace initscan

int main(int argc, char** argv) {
  using namespace initscan;
  if (argc < 4) return 64;
  scanner = getpid();
  const int log = open(argv[2], O_WRONLY);
  if (log < 0) return 64;
  ScanRequest request;
  request.index_path = argv[1];
  request.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  request.limits = kLimits;
  for (int i = 3; i < argc; ++i)
    request.images.push_back({std::to_string(i - 3), argv[i], rootfs_reference(argv[i]), ""});
  const auto result = scan(request);
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().text.c_str());
    return 64;
  }
  std::fputs(json_report(result->verdict, request.now).c_str(), stdout);
  return result->verdict.outcome == Outcome::pass ? 0 : result->verdict.outcome == Outcome::fail ? 2 : 1;
}
