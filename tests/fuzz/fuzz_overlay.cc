// An overlay of any bytes is refused or read within its bounds. Its sums would keep a fuzzer out, so each input is read
// with right ones as well.
#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/overlay/overlay.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using initscan::ExploitationBlock;
using initscan::ExploitationRecord;
using initscan::index_sum;
using initscan::OverlayHeader;

// As far as there is something to sum.
void seal(std::string& file) {
  OverlayHeader header;
  if (file.size() < sizeof header + initscan::kOverlayDigestBytes) return;
  std::memcpy(&header, file.data(), sizeof header);
  header.magic = initscan::kOverlayMagic;
  header.version = initscan::kOverlayVersion;
  header.vulnerabilities %= file.size() / sizeof(ExploitationRecord) + 1;
  const std::size_t records_size = header.vulnerabilities * sizeof(ExploitationRecord);
  const std::size_t blocks = (header.vulnerabilities + initscan::kRecordsOfBlock - 1) / initscan::kRecordsOfBlock;
  const std::size_t contents = sizeof header + blocks * sizeof(ExploitationBlock);
  if (file.size() < contents + records_size + initscan::kOverlayDigestBytes) return;
  const std::size_t records = file.size() - initscan::kOverlayDigestBytes - records_size;
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t offset = i * initscan::kRecordsOfBlock * sizeof(ExploitationRecord);
    const std::size_t size = std::min(records_size - offset, initscan::kRecordsOfBlock * sizeof(ExploitationRecord));
    ExploitationBlock block;
    char* const place = file.data() + records - (blocks - i) * sizeof block;
    std::memcpy(&block, place, sizeof block);
    block.sum = index_sum({file.data() + records + offset, size});
    std::memcpy(place, &block, sizeof block);
  }
  header.contents_sum = index_sum({file.data() + sizeof header, records - sizeof header});
  header.header_sum = index_sum({reinterpret_cast<const char*>(&header), offsetof(OverlayHeader, header_sum)});
  std::memcpy(file.data(), &header, sizeof header);
}

void read_all(const std::string& file) {
  const auto overlay = initscan::Overlay::over(file);
  if (!overlay) return overlay.error().text.empty() ? std::abort() : void();
  for (const char* const id : {"CVE-2021-44228", "CVE-1999-0001", "CVE-9999-999999999", "x"}) {
    const auto found = overlay->exploitation(id);
    if (found && (found->epss > 1 || found->percentile > 1)) std::abort();
  }
  for (const char* const release : {"12", "", "3.20"}) (void)overlay->support_end("debian", release);
  (void)overlay->verify();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  read_all(file);
  seal(file);
  read_all(file);
  return 0;
}
