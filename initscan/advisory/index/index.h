#pragma once

#include "common/descriptor.h"
#include "common/result.h"
#include "initscan/advisory/index/index_format.h"
#include "initscan/model/advisory_lookup.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{4} << 30;

// Between the clock here and that of whoever dates advisories: what is dated later is of the future.
inline constexpr std::chrono::days kClockDifference{1};

struct Unmap {
  std::size_t bytes = 0;
  void operator()(char* mapping) const;
};

// Where the bytes of an index are: in a file, block by block as they are asked for, or in memory.
class IndexBytes {
 public:
  /// Errors: io; malformed - no regular file.
  static Result<IndexBytes> of_file(const std::string& path);

  /// The same over bytes that outlive this.
  static IndexBytes of(std::string_view bytes) { return IndexBytes(bytes); }

  std::size_t size() const { return bytes_.size(); }

  /// Fetches a stretch of the file, which is inside size(), to its place in bytes(). A file that was cut off
  /// meanwhile ends too early. Errors: io, malformed.
  Result<void> fetch(std::uint64_t offset, std::uint64_t bytes) const;

  /// Of the size of the file; what was not fetched is zero.
  std::string_view bytes() const { return bytes_; }

 private:
  explicit IndexBytes(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
  std::unique_ptr<char, Unmap> memory_;  // our own: nothing else writes to it
  std::optional<Descriptor> file_;
};

// The advisory index: a file of which what is asked for is read, checked and kept. What was checked is what is used,
// whatever becomes of the file meanwhile. Safe to use from several threads.
class AdvisoryIndex : public AdvisoryLookup {
 public:
  /// Opens a file and checks its header and its checksums; nothing else is read yet.
  /// Errors: io; malformed - not an index, or damaged; unsupported - an index of another format version.
  static Result<AdvisoryIndex> open(const std::string& path);

  /// The same over bytes that outlive the index.
  static Result<AdvisoryIndex> over(std::string_view bytes);

  Result<std::optional<AdvisoryLookup::Ecosystem>> ecosystem(std::string_view name) const override;
  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override;

  Result<VulnerabilityDetails> details(std::uint32_t vulnerability) const override;

  /// The numbers of the vulnerabilities of this name, an id or an alias in any case, sorted. Looks at all of them.
  Result<std::vector<std::uint32_t>> find_vulnerabilities(std::string_view name) const;

  /// Visits the packages of an ecosystem in the order of their names; nothing where it is not known.
  Result<void> for_each_package(std::string_view ecosystem,
                                const std::function<Result<void>(std::string_view package)>& visit) const;

  std::string data_date() const;  // of the newest record, RFC 3339; "" where no feed gives one

  struct EcosystemSummary {
    std::string name;
    std::uint64_t packages = 0;
    std::uint64_t rows = 0;
    std::string data_date;  // RFC 3339, or ""
  };
  Result<std::vector<EcosystemSummary>> ecosystems() const;
  Result<std::string_view> statistics() const;  // JSON, as IndexBuilder wrote it
  std::uint64_t rows() const { return header_.row_count; }
  std::uint64_t vulnerabilities() const { return header_.vulnerabilities.bytes / sizeof(VulnerabilityRecord); }
  std::uint64_t file_bytes() const { return bytes_.size(); }

  /// Checks every block, as whoever only matches does not.
  Result<void> verify() const;

  /// All that the seal speaks of, checked as verify() does.
  Result<std::string_view> sealed_bytes() const;
  Result<SealRecord> seal() const;

 private:
  explicit AdvisoryIndex(IndexBytes bytes) : bytes_(std::move(bytes)) {}
  static Result<AdvisoryIndex> open(IndexBytes bytes);
  Result<void> check_header();
  // nullptr where not all of it has been loaded, or where no record may be.
  const char* loaded(std::uint64_t offset, std::uint64_t bytes) const;
  Result<std::string_view> range(std::uint64_t offset, std::uint64_t bytes) const;
  Result<void> load_block(std::uint64_t block) const;
  std::uint64_t blocks_worth_fetching(std::uint64_t block) const;
  template <class Record>
  Result<Record> record(const Section& section, std::uint64_t number) const;
  Result<std::string_view> string(StringRef reference) const;
  Result<std::string_view> packed_rows(std::uint64_t package) const;
  Result<std::string_view> packed_details(std::uint64_t vulnerability) const;
  Result<void> read_terms(std::uint32_t number, AffectedRow& row) const;

  // The number of the record of this name among `count` from `first`, and itself in `found`; nullopt where there is
  // none.
  template <class Record>
  Result<std::optional<std::uint64_t>> find(const Section& section, std::uint64_t first, std::uint64_t count,
                                            std::string_view name, Record& found) const;

  IndexBytes bytes_;
  IndexHeader header_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> loaded_;  // by block, 1: it is here, and its sum is right
  std::unique_ptr<std::mutex> loading_ = std::make_unique<std::mutex>();
};

}  // namespace initscan
