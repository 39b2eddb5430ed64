#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace initscan {

// The overlay file, all little-endian:
//
//   header
//   sources     OverlaySource: what came from where, sorted by kind
//   ends        ReleaseEnd, sorted by name
//   names       of them: "debian 12"
//   directory   ExploitationBlock: of each kRecordsOfBlock vulnerabilities the first, and their sum
//   records     ExploitationRecord, sorted by year and number
//   digest      SHA-256 of all before it
//
// Opening reads and checks what is before the records. Of these a block is read and checked when it is first asked
// for, as it is with the index.

static_assert(std::endian::native == std::endian::little, "the overlay is read as it stands, not converted");

inline constexpr std::array<char, 8> kOverlayMagic{'i', 'n', 'i', 't', 's', 'c', 'o', 'v'};
inline constexpr std::uint32_t kOverlayVersion = 1;
inline constexpr std::size_t kRecordsOfBlock = 256;

// What a file may hold, and one that is made. EPSS scores some 300,000 vulnerabilities.
inline constexpr std::uint64_t kMaxOverlayVulnerabilities = 4'000'000;
inline constexpr std::uint32_t kMaxOverlayEnds = 20'000;
inline constexpr std::uint32_t kMaxOverlayNames = 1 << 20;  // bytes

struct OverlayHeader {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint32_t sources = 0;  // how many there are of each
  std::uint32_t ends = 0;
  std::uint32_t name_bytes = 0;
  std::uint64_t vulnerabilities = 0;
  std::uint64_t contents_sum = 0;  // index_sum() of what is between the header and the records
  std::uint64_t header_sum = 0;    // of everything before it
};

// Texts are filled up with zeros.
struct OverlaySource {
  std::array<char, 16> kind{};
  std::array<char, 24> date{};   // RFC 3339, or ""
  std::array<char, 32> model{};  // that computed it: "v2025.03.14"; or ""
  std::uint64_t records = 0;
};

struct ReleaseEnd {
  std::uint32_t name = 0;  // offset in names
  std::uint32_t name_bytes = 0;
  std::int32_t day = 0;  // since 1970: the first without support
  std::uint32_t reserved = 0;
};

struct ExploitationRecord {
  std::uint32_t number = 0;  // 44228 of "CVE-2021-44228"
  std::uint16_t year = 0;
  std::uint16_t known_since = 0;  // days since 1970; 0: not known to be exploited
  std::uint32_t epss = 0;         // in hundred-thousandths; kNoEpss: not scored
  std::uint32_t percentile = 0;   // likewise
};

struct ExploitationBlock {
  std::uint64_t first = 0;  // key_of() of its first record
  std::uint64_t sum = 0;    // index_sum() of its records
};

inline constexpr std::uint32_t kEpssParts = 100'000;
inline constexpr std::uint32_t kNoEpss = 0xffff'ffff;
inline constexpr std::size_t kOverlayDigestBytes = 32;

static_assert(sizeof(OverlayHeader) == 48 && sizeof(OverlaySource) == 80 && sizeof(ReleaseEnd) == 16 &&
              sizeof(ExploitationRecord) == 16 && sizeof(ExploitationBlock) == 16);

}  // namespace initscan
