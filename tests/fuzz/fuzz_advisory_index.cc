// An index of any bytes is refused or read within its bounds. The header's and the blocks' sums would keep a
// fuzzer out, so each input is sealed with right ones first.
#include "initscan/advisory/index/index.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include <zlib.h>

namespace {

using initscan::IndexHeader;
using initscan::kBlockBytes;

std::uint32_t checksum(const char* bytes, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(bytes), size));
}

void seal(std::string& file) {
  if (file.size() < kBlockBytes) return;
  IndexHeader header;
  std::memcpy(&header, file.data(), sizeof header);
  header.magic = initscan::kIndexMagic;
  header.version = initscan::kIndexVersion;
  header.block_bytes = kBlockBytes;
  header.file_bytes = file.size();
  const std::size_t offset = std::min<std::size_t>(header.checksums.offset, file.size());
  for (std::size_t at = kBlockBytes, i = offset; at + kBlockBytes <= offset && i + 4 <= file.size();
       at += kBlockBytes, i += 4) {
    const std::uint32_t sum = checksum(file.data() + at, kBlockBytes);
    std::memcpy(file.data() + i, &sum, sizeof sum);
  }
  const std::size_t bytes = std::min<std::size_t>(header.checksums.bytes, file.size() - offset);
  header.checksums_sum = checksum(file.data() + offset, bytes);
  header.header_sum = checksum(reinterpret_cast<const char*>(&header), offsetof(IndexHeader, header_sum));
  std::memcpy(file.data(), &header, sizeof header);
}

void read_all(const std::string& file) {
  const auto index = initscan::AdvisoryIndex::over(file);
  if (!index) return index.error().text.empty() ? std::abort() : void();
  std::size_t rows = 0;
  for (const char* const name : {"zlib", "openssl", ""}) {
    (void)index->for_each("Debian:12", name, [&](const initscan::AffectedRow& row) { rows += row.id.size(); });
  }
  (void)index->ecosystems();
  (void)index->statistics();
  (void)index->verify();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  read_all(file);
  seal(file);
  read_all(file);
  return 0;
}
