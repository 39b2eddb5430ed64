#include "initscan/advisory/overlay/overlay.h"

#include "common/crypto/sha256.h"
#include "common/time/day.h"
#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/overlay/cve_key.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <unistd.h>

namespace initscan {
namespace {

constexpr std::uint32_t kMaxSources = 16;

Error damaged(const std::string& what) {
  return {Errc::malformed, "damaged: " + what + "; make or fetch the overlay again"};
}

Error not_an_overlay() {
  return {Errc::malformed, "not an overlay; make one with initscan db overlay"};
}

// Filled up with zeros: none follows that is something else.
template <std::size_t n>
std::optional<std::string> text_in(const std::array<char, n>& bytes) {
  const auto* const end = std::find(bytes.begin(), bytes.end(), '\0');
  const bool is_filled = std::all_of(end, bytes.end(), [](char c) { return c == '\0'; });
  return is_filled ? std::optional<std::string>(std::in_place, bytes.begin(), end) : std::nullopt;
}

std::uint64_t key_of(const ExploitationRecord& record) {
  return std::uint64_t{record.year} << kBitsOfNumber | record.number;
}

// Of sorted ones: those before it are.
template <class Is>
std::uint64_t first_that_is_not(std::uint64_t count, Is is) {
  std::uint64_t first = 0;
  while (count > 0) {
    const std::uint64_t half = count / 2;
    if (is(first + half)) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

bool is_share(std::uint32_t parts) {
  return parts <= kEpssParts || parts == kNoEpss;
}

double share_of(std::uint32_t parts) {
  return parts == kNoEpss ? -1 : static_cast<double>(parts) / kEpssParts;
}

Exploitation exploitation_in(const ExploitationRecord& record) {
  Exploitation found;
  if (record.known_since != 0) {
    found.known_since = format_day(std::chrono::sys_days(std::chrono::days(record.known_since)));
  }
  found.epss = share_of(record.epss);
  found.percentile = share_of(record.percentile);
  return found;
}

}  // namespace

Result<Overlay> Overlay::open(const std::string& path) {
  auto bytes = IndexBytes::of_file(path);
  if (!bytes) {
    const bool is_missing = access(path.c_str(), F_OK) != 0 && errno == ENOENT;
    Error error = bytes.error().code == Errc::malformed ? not_an_overlay() : bytes.error();
    if (is_missing) error.code = Errc::not_found;
    return std::move(error).within(path);
  }
  auto overlay = open(std::move(*bytes));
  if (!overlay) return std::move(overlay).error().within(path);
  return overlay;
}

Result<Overlay> Overlay::over(std::string_view bytes) {
  return open(IndexBytes::of(bytes));
}

Result<Overlay> Overlay::open(IndexBytes bytes) {
  Overlay overlay(std::move(bytes));
  if (auto checked = overlay.check_header(); !checked) return checked.error();
  if (auto read = overlay.read_contents(); !read) return read.error();
  return overlay;
}

std::uint64_t Overlay::blocks() const {
  return (header_.vulnerabilities + kRecordsOfBlock - 1) / kRecordsOfBlock;
}
std::uint64_t Overlay::ends_offset() const {
  return sizeof header_ + std::uint64_t{header_.sources} * sizeof(OverlaySource);
}
std::uint64_t Overlay::names_offset() const {
  return ends_offset() + std::uint64_t{header_.ends} * sizeof(ReleaseEnd);
}
std::uint64_t Overlay::directory_offset() const {
  return names_offset() + header_.name_bytes;
}
std::uint64_t Overlay::records_offset() const {
  return directory_offset() + blocks() * sizeof(ExploitationBlock);
}
std::uint64_t Overlay::digest_offset() const {
  return records_offset() + header_.vulnerabilities * sizeof(ExploitationRecord);
}
std::uint64_t Overlay::offset_of(std::uint64_t block) const {
  return records_offset() + block * kRecordsOfBlock * sizeof(ExploitationRecord);
}
std::uint64_t Overlay::records_of(std::uint64_t block) const {
  return std::min<std::uint64_t>(kRecordsOfBlock, header_.vulnerabilities - block * kRecordsOfBlock);
}

// Inside of what was checked; the file may stand anywhere in memory.
template <class Record>
Record Overlay::at(std::uint64_t offset, std::uint64_t number) const {
  Record record;
  std::memcpy(&record, bytes_.bytes().data() + offset + number * sizeof record, sizeof record);
  return record;
}

std::string_view Overlay::name_of(const ReleaseEnd& end) const {
  return bytes_.bytes().substr(names_offset() + end.name, end.name_bytes);
}

Result<void> Overlay::check_header() {
  if (bytes_.size() < sizeof header_) return not_an_overlay();
  if (bytes_.size() > kMaxOverlayBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxOverlayBytes) + " bytes"};
  }
  if (auto fetched = bytes_.fetch(0, sizeof header_); !fetched) return fetched;
  header_ = at<OverlayHeader>(0, 0);
  if (header_.magic != kOverlayMagic) return not_an_overlay();
  // Before its sum: another version's header may have another.
  if (header_.version != kOverlayVersion) {
    return Error{Errc::unsupported, "an overlay of format " + std::to_string(header_.version) +
                                        ", but this program reads format " + std::to_string(kOverlayVersion) +
                                        "; make it again with this version of initscan"};
  }
  if (index_sum(bytes_.bytes().substr(0, offsetof(OverlayHeader, header_sum))) != header_.header_sum) {
    return damaged("its header");
  }
  const bool is_within_limits = header_.sources <= kMaxSources && header_.ends <= kMaxOverlayEnds &&
                                header_.name_bytes <= kMaxOverlayNames &&
                                header_.vulnerabilities <= kMaxOverlayVulnerabilities;
  if (!is_within_limits || bytes_.size() != digest_offset() + kOverlayDigestBytes) return damaged("its size");
  return {};
}

Result<void> Overlay::read_contents() {
  const std::uint64_t size = records_offset() - sizeof header_;
  if (auto fetched = bytes_.fetch(sizeof header_, size); !fetched) return fetched;
  if (index_sum(bytes_.bytes().substr(sizeof header_, size)) != header_.contents_sum) return damaged("its contents");
  for (std::uint32_t i = 0; i < header_.sources; ++i) {
    const auto source = at<OverlaySource>(sizeof header_, i);
    const auto kind = text_in(source.kind);
    const auto date = text_in(source.date);
    const auto model = text_in(source.model);
    const bool is_sound = kind && !kind->empty() && model && date && (date->empty() || parse_rfc3339(*date));
    if (!is_sound || !dates_.emplace(*kind, *date).second) return damaged("a source");
    sources_.push_back({*kind, *date, *model, source.records});
  }
  if (auto checked = check_ends(); !checked) return checked;
  if (auto checked = check_directory(); !checked) return checked;
  loaded_ = std::make_unique<std::atomic<std::uint8_t>[]>(blocks());
  return {};
}

Result<void> Overlay::check_ends() const {
  std::string_view last;
  for (std::uint32_t i = 0; i < header_.ends; ++i) {
    const auto end = at<ReleaseEnd>(ends_offset(), i);
    if (end.name > header_.name_bytes || end.name_bytes > header_.name_bytes - end.name) return damaged("a name");
    if (i > 0 && name_of(end) <= last) return damaged("the order of its releases");
    // "0000-01-01" to "9999-12-31"
    constexpr auto kFirst = std::chrono::sys_days(std::chrono::year(0) / 1 / 1).time_since_epoch().count();
    constexpr auto kLast = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31).time_since_epoch().count();
    if (end.day < kFirst || end.day > kLast) return damaged("the end of a release");
    last = name_of(end);
  }
  return {};
}

Result<void> Overlay::check_directory() const {
  for (std::uint64_t block = 1; block < blocks(); ++block) {
    const auto before = at<ExploitationBlock>(directory_offset(), block - 1);
    if (at<ExploitationBlock>(directory_offset(), block).first <= before.first) return damaged("its directory");
  }
  return {};
}

// Other threads look at a block only once it is whole: it is fetched to its place before that is announced.
Result<void> Overlay::load_block(std::uint64_t block) const {
  if (loaded_[block].load(std::memory_order_acquire) != 0) return {};
  const std::lock_guard lock(*loading_);
  if (loaded_[block].load(std::memory_order_relaxed) != 0) return {};
  if (auto fetched = bytes_.fetch(offset_of(block), records_of(block) * sizeof(ExploitationRecord)); !fetched)
    return fetched;
  if (auto checked = check_block(block); !checked) return checked;
  loaded_[block].store(1, std::memory_order_release);
  return {};
}

Result<void> Overlay::check_block(std::uint64_t block) const {
  const auto expected = at<ExploitationBlock>(directory_offset(), block);
  const std::uint64_t offset = offset_of(block);
  const std::uint64_t count = records_of(block);
  const auto error = [&] { return damaged("vulnerabilities from block " + std::to_string(block) + " on"); };
  if (index_sum(bytes_.bytes().substr(offset, count * sizeof(ExploitationRecord))) != expected.sum) return error();
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto record = at<ExploitationRecord>(offset, i);
    const bool is_next = i == 0 ? key_of(record) == expected.first : key_of(record) > last;
    if (!is_next || !is_share(record.epss) || !is_share(record.percentile)) return error();
    last = key_of(record);
  }
  const bool is_last = block + 1 == blocks();
  if (!is_last && at<ExploitationBlock>(directory_offset(), block + 1).first <= last) return error();
  return {};
}

Result<Exploitation> Overlay::exploitation(std::string_view id) const {
  const auto key = cve_key(id);
  if (!key) return Exploitation{};
  const std::uint64_t after = first_that_is_not(
      blocks(), [&](std::uint64_t block) { return at<ExploitationBlock>(directory_offset(), block).first <= *key; });
  if (after == 0) return Exploitation{};
  const std::uint64_t block = after - 1;
  if (auto loaded = load_block(block); !loaded) return loaded.error();
  const auto record_at = [&](std::uint64_t number) { return at<ExploitationRecord>(offset_of(block), number); };
  const std::uint64_t place =
      first_that_is_not(records_of(block), [&](std::uint64_t number) { return key_of(record_at(number)) < *key; });
  if (place == records_of(block) || key_of(record_at(place)) != *key) return Exploitation{};
  return exploitation_in(record_at(place));
}

std::optional<std::string> Overlay::support_end(std::string_view distribution, std::string_view release) const {
  const std::string name = std::string(distribution) + ' ' + std::string(release);
  const auto end_at = [&](std::uint64_t number) { return at<ReleaseEnd>(ends_offset(), number); };
  const std::uint64_t place =
      first_that_is_not(header_.ends, [&](std::uint64_t number) { return name_of(end_at(number)) < name; });
  if (place == header_.ends || name_of(end_at(place)) != name) return std::nullopt;
  return format_day(std::chrono::sys_days(std::chrono::days(end_at(place).day)));
}

Result<std::string> Overlay::verify() const {
  for (std::uint64_t block = 0; block < blocks(); ++block) {
    if (auto loaded = load_block(block); !loaded) return loaded.error();
  }
  if (auto fetched = bytes_.fetch(digest_offset(), kOverlayDigestBytes); !fetched) return fetched.error();
  const auto digest = sha256(bytes_.bytes().substr(0, digest_offset()));
  if (std::memcmp(digest.data(), bytes_.bytes().data() + digest_offset(), digest.size()) != 0) {
    return damaged("its digest");
  }
  return hex_digits(digest);
}

bool is_overlay(const std::string& path) {
  std::array<char, kOverlayMagic.size()> magic{};
  std::ifstream file(path, std::ios::binary);
  return file.read(magic.data(), magic.size()) && magic == kOverlayMagic;
}

}  // namespace initscan
