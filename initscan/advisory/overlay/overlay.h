#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/overlay/overlay_format.h"
#include "initscan/model/overlay_lookup.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::string_view kOverlaySuffix = ".overlay";  // of the one beside an index, "advisories.db.overlay"
inline constexpr std::uint64_t kMaxOverlayBytes = std::uint64_t{128} << 20;

// What is known beside the advisories: which vulnerabilities are exploited or likely to be, and until when releases are
// supported. A file of its own, so that an index changes with its advisories alone. What was checked is what is used,
// whatever becomes of the file meanwhile. Safe to use from several threads.
class Overlay : public OverlayLookup {
 public:
  /// Opens a file and checks all but its vulnerabilities, which are read and checked where they are asked for.
  /// Errors, with the path: not_found; io; malformed - not an overlay, or damaged; unsupported - of another format.
  static Result<Overlay> open(const std::string& path);

  /// The same over bytes that outlive the overlay.
  static Result<Overlay> over(std::string_view bytes);

  Result<Exploitation> exploitation(std::string_view id) const override;
  std::optional<std::string> support_end(std::string_view distribution, std::string_view release) const override;
  const std::map<std::string, std::string>& dates() const override { return dates_; }

  struct Source {
    std::string kind;
    std::string date;   // RFC 3339, or ""
    std::string model;  // that computed it, or ""
    std::uint64_t records = 0;
  };
  const std::vector<Source>& sources() const { return sources_; }
  std::uint64_t file_bytes() const { return bytes_.size(); }

  /// Checks all of it, and its digest, which it returns as hexadecimal digits.
  Result<std::string> verify() const;

 private:
  explicit Overlay(IndexBytes bytes) : bytes_(std::move(bytes)) {}
  static Result<Overlay> open(IndexBytes bytes);
  Result<void> check_header();
  Result<void> read_contents();
  Result<void> check_ends() const;
  Result<void> check_directory() const;
  Result<void> load_block(std::uint64_t block) const;
  Result<void> check_block(std::uint64_t block) const;

  std::uint64_t blocks() const;
  std::uint64_t ends_offset() const;
  std::uint64_t names_offset() const;
  std::uint64_t directory_offset() const;
  std::uint64_t records_offset() const;
  std::uint64_t digest_offset() const;
  std::uint64_t offset_of(std::uint64_t block) const;
  std::uint64_t records_of(std::uint64_t block) const;
  template <class Record>
  Record at(std::uint64_t offset, std::uint64_t number) const;
  std::string_view name_of(const ReleaseEnd& end) const;

  IndexBytes bytes_;
  OverlayHeader header_;
  std::vector<Source> sources_;
  std::map<std::string, std::string> dates_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> loaded_;  // by block, 1: it is here, and sound
  std::unique_ptr<std::mutex> loading_ = std::make_unique<std::mutex>();
};

/// Whether a file says that it is an overlay, of whatever format.
bool is_overlay(const std::string& path);

}  // namespace initscan
