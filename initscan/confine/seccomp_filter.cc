#include "initscan/confine/seccomp_filter.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>

namespace initscan {
namespace {

// What a scan does: read files, keep memory, write what is open already, end.
constexpr int kAllowed[] = {
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(fstatfs), SCMP_SYS(lseek), SCMP_SYS(getdents64),
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(ftruncate), SCMP_SYS(fsync),
    SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(clock_gettime),
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(poll), SCMP_SYS(ppoll),
    // Its flags are behind a pointer, where a filter cannot look: landlock holds it to reading,
    // and the folders that this is called with are below the image's root.
    SCMP_SYS(openat2)};

// What only an attacker would try here. Killed, so that the attempt is seen. Not so tgkill, which abort() needs: it
// fails.
constexpr int kKilled[] = {SCMP_SYS(execve),
                           SCMP_SYS(execveat),
                           SCMP_SYS(socket),
                           SCMP_SYS(socketpair),
                           SCMP_SYS(connect),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(kill),
                           SCMP_SYS(tkill),
                           SCMP_SYS(pidfd_open),
                           SCMP_SYS(pidfd_send_signal),
                           SCMP_SYS(io_uring_setup),
                           SCMP_SYS(mount),
                           SCMP_SYS(bpf),
                           SCMP_SYS(unshare),
                           SCMP_SYS(setns)};

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), seccomp_release) {}

  void add(std::uint32_t action, int call) { keep(seccomp_rule_add(context_.get(), action, call, 0)); }

  void allow_if(int call, const scmp_arg_cmp& condition) {
    keep(seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, call, 1, condition));
  }

  // 0, or the first error as a negative errno.
  int load() {
    if (context_ == nullptr) return -ENOMEM;
    return error_ != 0 ? error_ : seccomp_load(context_.get());
  }

 private:
  void keep(int result) {
    if (error_ == 0) error_ = result;
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  int error_ = 0;
};

scmp_arg_cmp bits_clear(unsigned argument, std::uint64_t mask) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, 0};
}

}  // namespace

Result<void> restrict_system_calls() {
  Filter filter;
  for (const int call : kAllowed) filter.add(SCMP_ACT_ALLOW, call);
  for (const int call : kKilled) filter.add(SCMP_ACT_KILL_PROCESS, call);

  constexpr unsigned kThirdArgument = 2;
  filter.allow_if(SCMP_SYS(mmap), bits_clear(kThirdArgument, PROT_EXEC));
  filter.allow_if(SCMP_SYS(mprotect), bits_clear(kThirdArgument, PROT_EXEC));
  filter.allow_if(SCMP_SYS(openat), bits_clear(kThirdArgument, O_ACCMODE | O_CREAT | O_TRUNC));
  // isatty() of standard output, before a report is coloured.
  filter.allow_if(SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, TCGETS, 0});

  if (const int error = filter.load(); error != 0) {
    return Error{Errc::unsupported,
                 std::string("seccomp: ") + std::strerror(-error) + "; the scanner does not read an image without it"};
  }
  return {};
}

}  // namespace initscan
