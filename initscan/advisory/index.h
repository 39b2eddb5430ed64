#pragma once

#include "common/result.h"
#include "initscan/advisory/index_format.h"
#include "initscan/model/advisory_lookup.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

struct Unmap {
  std::size_t bytes = 0;
  void operator()(const char* mapping) const;
};

// The advisory index: a file that is mapped into memory, so that many scanners on one node share its pages.
// Safe to use from several threads.
class AdvisoryIndex : public AdvisoryLookup {
 public:
  /// Maps a file and checks its header; nothing else is read yet.
  /// Errors: io; malformed - not an index, or damaged; unsupported - an index of another format version.
  static Result<AdvisoryIndex> open(const std::string& path);

  /// The same over bytes that outlive the index.
  static Result<AdvisoryIndex> over(std::string_view bytes);

  Result<bool> covers(std::string_view ecosystem) const override;
  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override;

  std::string data_date() const;  // of the newest record, RFC 3339; "" where no feed gives one

  struct Ecosystem {
    std::string name;
    std::uint64_t packages = 0;
  };
  Result<std::vector<Ecosystem>> ecosystems() const;
  Result<std::string_view> statistics() const;  // JSON, as IndexBuilder wrote it
  std::uint64_t rows() const { return header_.rows.bytes / sizeof(RowRecord); }
  std::uint64_t vulnerabilities() const { return header_.vulnerabilities.bytes / sizeof(VulnerabilityRecord); }
  std::uint64_t file_bytes() const { return bytes_.size(); }

  /// Checks every block, as nothing but `db info` does.
  Result<void> verify() const;

 private:
  AdvisoryIndex() = default;
  Result<void> check_header();
  Result<std::string_view> range(std::uint64_t offset, std::uint64_t bytes) const;
  Result<void> check_block(std::uint64_t block) const;
  template <class Record>
  Result<Record> record(const Section& section, std::uint64_t number) const;
  Result<std::string_view> string(StringRef reference) const;
  Result<AffectedRow> row(std::uint64_t number) const;

  // The record of this name among `count` from `first`, in `found`; nullptr where there is none.
  template <class Record>
  Result<const Record*> find(const Section& section, std::uint64_t first, std::uint64_t count, std::string_view name,
                             Record& found) const;

  std::unique_ptr<const char, Unmap> mapping_;
  std::string_view bytes_;
  IndexHeader header_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> checked_;  // by block, 1: its sum is right
};

}  // namespace initscan
