#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace initscan {

// The index file, all little-endian:
//
//   header           in the first block
//   ecosystems       EcosystemRecord, sorted by name
//   packages         PackageRecord, sorted by name within an ecosystem
//   rows             for each package its versions and its rows, packed: PackedRows
//   terms            TermsRecord: who says a row, of which of the packages, and what comes of it
//   vulnerabilities  VulnerabilityRecord, sorted by id
//   details          of each vulnerability, packed: its id, its other names, its date and its summary
//   words            StringRef: words of many summaries, the most frequent first
//   strings          varint length and the bytes; a reference is the offset in this section, 0 is ""
//   statistics       JSON: what came from which feed
//   checksums        index_sum() of each block of kBlockBytes between the header and here
//   seal             SealRecord: a digest of all before it, and who signed that
//
// Opening reads the header and the checksums, and checks both. A block is read and checked when it is first asked
// for, and kept: a file that is damaged, cut off or written over meanwhile gives an error or the very findings of the
// whole one, never others. The digest is of use where a file comes from elsewhere: `db verify` computes it.

static_assert(std::endian::native == std::endian::little, "the index is read as it stands, not converted");

inline constexpr std::array<char, 8> kIndexMagic{'i', 'n', 'i', 't', 's', 'c', 'd', 'b'};
inline constexpr std::uint32_t kIndexVersion = 4;
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
  std::uint64_t row_count = 0;
  std::array<char, 24> data_date{};  // RFC 3339, filled up with zeros
  Section ecosystems, packages, rows, terms, vulnerabilities, details, words, strings, statistics, checksums, seal;
  std::uint64_t checksums_sum = 0;
  std::uint64_t header_sum = 0;  // of everything before it
};

struct EcosystemRecord {
  StringRef name = 0;
  std::uint32_t first_package = 0;
  std::uint32_t packages = 0;
  StringRef data_date = 0;  // RFC 3339; of its distribution's newest record
  std::uint64_t rows = 0;
};

struct PackageRecord {
  StringRef name = 0;
  std::uint32_t rows = 0;  // offset in the section; the next package's begin where they end
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
  std::uint32_t details = 0;  // offset in the section; the next one's begin where they end
};

// Packed rows are a varint of how many versions there are, each with a varint length and its bytes, and then the rows:
// RowHead, and what that says, in this order.
//
//   varint   vulnerability, as the distance from the row before; that of the first is its number
//   varint   terms
//   varint   introduced, fixed, last affected, each where it is given: the number of a version
//   varint   Severity x kScores, and the score in tenths and one more, 0: none
//
// Rows are sorted by vulnerability, and say themselves how severe it is: whoever looks for the rows of a package reads
// nothing else.
struct RowHead {
  static constexpr std::uint8_t kKind = 0x03;  // StatementKind
  static constexpr std::uint8_t kIntroduced = 0x04;
  static constexpr std::uint8_t kFixed = 0x08;
  static constexpr std::uint8_t kLastAffected = 0x10;
  static constexpr std::uint8_t kSameRating = 0x20;         // as the row before
  static constexpr std::uint8_t kSameTerms = 0x40;          // as the row before
  static constexpr std::uint8_t kSameVulnerability = 0x80;  // as the row before
};

inline constexpr std::uint64_t kScores = 102;  // none, and 0.0 to 10.0

// A name in details: how it is written, and the rest.
enum class NameForm : std::uint8_t {
  text,  // varint length, and the bytes
  cve,   // varint year, varint number: "CVE-2024-0001"
  ghsa,  // twelve letters of kGhsaLetters as one number of 7 bytes: "GHSA-xxxx-xxxx-xxxx"
};
inline constexpr std::size_t kGhsaBytes = 7;

// A moment in details: a varint, kNoMoment, kMomentInWords with a text after it, or the seconds since 1970 and
// kFirstMoment.
inline constexpr std::uint64_t kNoMoment = 0;
inline constexpr std::uint64_t kMomentInWords = 1;
inline constexpr std::uint64_t kFirstMoment = 2;

inline constexpr std::size_t kDigestBytes = 32;
inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kSignatureBytes = 64;

// A signature is of kSignedHead and the digest; all zeros where nobody signed.
struct SealRecord {
  std::array<unsigned char, kDigestBytes> digest{};  // SHA-256 of what is before the seal
  std::array<unsigned char, kKeyBytes> key{};        // Ed25519, public: whose signature it is meant to be
  std::array<unsigned char, kSignatureBytes> signature{};
};
inline constexpr char kSignedHead[] = "initscan advisory index\n";

static_assert(sizeof(IndexHeader) == 248 && sizeof(EcosystemRecord) == 24 && sizeof(PackageRecord) == 8 &&
              sizeof(TermsRecord) == 16 && sizeof(VulnerabilityRecord) == 4 && sizeof(SealRecord) == 128);

}  // namespace initscan
