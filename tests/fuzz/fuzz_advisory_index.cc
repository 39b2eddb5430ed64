// An index of any bytes is refused or read within its bounds. The header's and the blocks' sums would keep a
// fuzzer out, so each input is sealed with right ones first.
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_sum.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

using initscan::index_sum;
using initscan::IndexHeader;
using initscan::kBlockBytes;

void seal(std::string& file) {
  if (file.size() < kBlockBytes) return;
  IndexHeader header;
  std::memcpy(&header, file.data(), sizeof header);
  header.magic = initscan::kIndexMagic;
  header.version = initscan::kIndexVersion;
  header.block_bytes = kBlockBytes;
  header.file_bytes = file.size();
  const std::size_t offset = std::min<std::size_t>(header.checksums.offset, file.size());
  for (std::size_t at = kBlockBytes, i = offset; at + kBlockBytes <= offset && i + sizeof(std::uint64_t) <= file.size();
       at += kBlockBytes, i += sizeof(std::uint64_t)) {
    const std::uint64_t sum = index_sum({file.data() + at, kBlockBytes});
    std::memcpy(file.data() + i, &sum, sizeof sum);
  }
  const std::size_t bytes = std::min<std::size_t>(header.checksums.bytes, file.size() - offset);
  header.checksums_sum = index_sum({file.data() + offset, bytes});
  header.header_sum = index_sum({reinterpret_cast<const char*>(&header), offsetof(IndexHeader, header_sum)});
  std::memcpy(file.data(), &header, sizeof header);
}

// A damaged one may repeat a block of itself any number of times.
constexpr std::size_t kMostRows = 10'000;

void read_rows(const initscan::AdvisoryIndex& index, std::string_view ecosystem) {
  std::size_t rows = 0;
  const auto read_package = [&](std::string_view package) -> initscan::Result<void> {
    return index.for_each(ecosystem, package, [&](const initscan::AffectedRow& row) {
      if (++rows < kMostRows) (void)index.details(row.vulnerability);
    });
  };
  (void)index.for_each_package(ecosystem, [&](std::string_view package) -> initscan::Result<void> {
    if (rows > kMostRows) return initscan::Error{initscan::Errc::over_limit, "enough"};
    return read_package(package);
  });
  for (const char* const name : {"zlib", "openssl", ""}) (void)read_package(name);
}

void read_all(const std::string& file) {
  const auto index = initscan::AdvisoryIndex::over(file);
  if (!index) return index.error().text.empty() ? std::abort() : void();
  if (const auto ecosystems = index->ecosystems()) {
    for (std::size_t i = 0; i < std::min<std::size_t>(ecosystems->size(), 3); ++i)
      read_rows(*index, (*ecosystems)[i].name);
  }
  read_rows(*index, "Debian:12");
  for (const char* const name : {"CVE-2024-0001", "GHSA-2345-6789-cfgh", "zlib"})
    (void)index->find_vulnerabilities(name);
  (void)index->statistics();
  (void)index->seal();
  (void)index->sealed_bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  read_all(file);
  seal(file);
  read_all(file);
  return 0;
}
