#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace initscan {

// The index file, all little-endian:
//
//   header        in the first block
//   ecosystems    EcosystemRecord, sorted by name
//   packages      PackageRecord, sorted by name within an ecosystem
//   rows          RowRecord, those of one package side by side
//   terms         TermsRecord: who says a row, of which of the packages, and what comes of it
//   vulnerabilities
//   strings       u32 length and the bytes; a reference is the offset in this section, 0 is ""
//   statistics    JSON: what came from which feed
//   checksums     CRC-32 of each block of kBlockBytes between the header and here
//
// Opening reads the header and the checksums, and checks both. A block is read and checked when it is first asked
// for, and kept: a file that is damaged, cut off or written over meanwhile gives an error or the very findings of the
// whole one, never others.

static_assert(std::endian::native == std::endian::little, "the index is read as it stands, not converted");

inline constexpr std::array<char, 8> kIndexMagic{'i', 'n', 'i', 't', 's', 'c', 'd', 'b'};
inline constexpr std::uint32_t kIndexVersion = 3;
inline constexpr std::size_t kBlockBytes = 4096;

using StringRef = std::uint32_t;

struct Section {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct IndexHeader {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint32_t block_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::array<char, 24> data_date{};  // RFC 3339, filled up with zeros
  Section ecosystems, packages, rows, terms, vulnerabilities, strings, statistics, checksums;
  std::uint32_t checksums_sum = 0;
  std::uint32_t header_sum = 0;  // of everything before it
};

struct EcosystemRecord {
  StringRef name = 0;
  std::uint32_t first_package = 0;
  std::uint32_t packages = 0;
  StringRef data_date = 0;  // RFC 3339; of its distribution's newest record
};

struct PackageRecord {
  StringRef name = 0;
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
};

struct RowRecord {
  std::uint32_t vulnerability = 0;
  StringRef introduced = 0;
  StringRef fixed = 0;
  StringRef last_affected = 0;
  std::uint8_t severity = 0;      // Severity; unknown: take the vulnerability's
  std::uint8_t kind = 0;          // StatementKind
  std::int16_t cvss_tenths = -1;  // negative: take the vulnerability's
  std::uint32_t terms = 0;
};

struct TermsRecord {
  StringRef feed = 0;
  StringRef scope = 0;      // as scope_text() writes it
  StringRef symbols = 0;    // separated by spaces
  std::uint8_t status = 0;  // AdvisoryStatus
  std::uint8_t is_malicious = 0;
  std::uint16_t reserved = 0;
};

struct VulnerabilityRecord {
  StringRef id = 0;
  StringRef aliases = 0;  // separated by spaces
  StringRef published = 0;
  StringRef summary = 0;
  std::int16_t cvss_tenths = -1;  // negative: not known
  std::uint8_t severity = 0;
  std::uint8_t reserved = 0;
};

static_assert(sizeof(IndexHeader) == 184 && sizeof(EcosystemRecord) == 16 && sizeof(PackageRecord) == 12 &&
              sizeof(RowRecord) == 24 && sizeof(TermsRecord) == 16 && sizeof(VulnerabilityRecord) == 20);

}  // namespace initscan
