#include "server/index/open_index.h"

#include "common/crypto/sha256.h"
#include "common/descriptor.h"
#include "common/file_io.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/index/index_seal.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace initscan::server {
namespace {

Error failed(const char* what) {
  return {errno == ENOENT ? Errc::not_found : Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

Result<void> fill(char* to, std::uint64_t bytes, int file) {
  for (std::uint64_t done = 0; done < bytes;) {
    const ssize_t n = ::read(file, to + done, bytes - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read");
    if (n == 0) return Error{Errc::truncated, "it became shorter while it was read"};
    done += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const OpenIndex>> OpenIndex::open(const std::string& path, std::chrono::sys_seconds now) {
  const std::shared_ptr<OpenIndex> index(new OpenIndex);
  if (auto read = index->read(path); !read) return Error(read.error()).within(path);
  if (auto checked = index->check(now); !checked) return Error(checked.error()).within(path);
  const std::string beside = path + std::string(kOverlaySuffix);
  if (auto read = index->read_overlay(beside); !read) return Error(read.error()).within(beside);
  return std::shared_ptr<const OpenIndex>(index);
}

Result<void> OpenIndex::read_overlay(const std::string& path) {
  auto bytes = read_file(path, kMaxOverlayBytes);
  if (!bytes && bytes.error().code == Errc::not_found) return {};
  if (!bytes) return bytes.error();
  overlay_bytes_ = std::move(*bytes);
  auto overlay = Overlay::over(overlay_bytes_);
  if (!overlay) return overlay.error();
  auto sha256 = overlay->verify();
  if (!sha256) return sha256.error();
  overlay_ = std::move(*overlay);
  overlay_sha256_ = std::move(*sha256);
  return {};
}

Result<void> OpenIndex::read(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return failed("cannot open");
  struct stat facts {};
  if (fstat(file.fd(), &facts) != 0) return failed("cannot stat");
  if (!S_ISREG(facts.st_mode) || facts.st_size == 0) {
    return Error{Errc::malformed, "not an advisory index; make one with initscan db build"};
  }
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  if (size > kMaxIndexBytes) {
    return Error{Errc::over_limit,
                 std::to_string(size) + " bytes, more than " + std::to_string(kMaxIndexBytes) + " of an index"};
  }
  void* const mapping = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return failed("cannot get memory");
  memory_ = {static_cast<char*>(mapping), Unmap{size}};
  return fill(memory_.get(), size, file.fd());
}

Result<void> OpenIndex::check(std::chrono::sys_seconds now) {
  auto opened = AdvisoryIndex::over(bytes());
  if (!opened) return opened.error();
  advisories_ = std::move(*opened);
  if (auto sealed = check_seal(*advisories_); !sealed) return sealed.error();
  if (advisories_->rows() == 0) return Error{Errc::malformed, "an index without advisories"};
  auto ecosystems = advisories_->ecosystems();
  if (!ecosystems) return ecosystems.error();
  ecosystems_ = std::move(*ecosystems);
  if (const std::string date = advisories_->data_date(); !date.empty()) {
    const auto time = parse_rfc3339(date);
    if (!time) return Error{Errc::malformed, "the date of the index cannot be read: " + date};
    is_of_future_ = *time > now + kClockDifference;
    if (!is_of_future_) date_ = *time;
  }
  sha256_ = sha256_hex(bytes());
  return {};
}

}  // namespace initscan::server
