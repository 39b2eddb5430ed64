#include "initscan/advisory/index/index.h"

#include "common/text/words.h"

#include <cstring>

#include <zlib.h>

namespace initscan {
namespace {

Error damaged(const std::string& what) {
  return {Errc::malformed, "damaged: " + what + "; build or fetch the index again"};
}

Error not_an_index() {
  return {Errc::malformed, "not an advisory index; make one with initscan db build"};
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

bool follows(const Section& section, std::uint64_t& end, std::size_t record_bytes, std::uint64_t file_bytes) {
  if (section.offset < end || section.offset > file_bytes || section.bytes > file_bytes - section.offset) return false;
  if (section.bytes % record_bytes != 0) return false;
  end = section.offset + section.bytes;
  return true;
}

}  // namespace

Result<AdvisoryIndex> AdvisoryIndex::open(const std::string& path) {
  auto bytes = IndexBytes::of_file(path);
  if (!bytes) return std::move(bytes).error().within(path);
  auto index = open(std::move(*bytes));
  if (!index) return std::move(index).error().within(path);
  return index;
}

Result<AdvisoryIndex> AdvisoryIndex::over(std::string_view bytes) {
  return open(IndexBytes::of(bytes));
}

Result<AdvisoryIndex> AdvisoryIndex::open(IndexBytes bytes) {
  AdvisoryIndex index(std::move(bytes));
  if (auto checked = index.check_header(); !checked) return checked.error();
  return index;
}

Result<void> AdvisoryIndex::check_header() {
  if (bytes_.size() < sizeof header_) return not_an_index();
  if (auto fetched = bytes_.fetch(0, sizeof header_); !fetched) return fetched;
  const std::string_view bytes = bytes_.bytes();
  if (std::memcmp(bytes.data(), kIndexMagic.data(), kIndexMagic.size()) != 0) return not_an_index();
  std::memcpy(&header_, bytes.data(), sizeof header_);
  if (checksum(bytes.substr(0, offsetof(IndexHeader, header_sum))) != header_.header_sum) return damaged("its header");
  if (header_.version != kIndexVersion || header_.block_bytes != kBlockBytes) {
    return Error{Errc::unsupported, "an index of format " + std::to_string(header_.version) +
                                        ", but this program reads format " + std::to_string(kIndexVersion) +
                                        "; build it again with this version of initscan"};
  }
  if (header_.file_bytes != bytes_.size()) return damaged("its size");

  std::uint64_t end = kBlockBytes;
  const bool in_order = follows(header_.ecosystems, end, sizeof(EcosystemRecord), bytes_.size()) &&
                        follows(header_.packages, end, sizeof(PackageRecord), bytes_.size()) &&
                        follows(header_.rows, end, sizeof(RowRecord), bytes_.size()) &&
                        follows(header_.terms, end, sizeof(TermsRecord), bytes_.size()) &&
                        follows(header_.vulnerabilities, end, sizeof(VulnerabilityRecord), bytes_.size()) &&
                        follows(header_.strings, end, 1, bytes_.size()) &&
                        follows(header_.statistics, end, 1, bytes_.size());
  const std::uint64_t blocks = in_order ? (end + kBlockBytes - 1) / kBlockBytes - 1 : 0;
  if (!in_order || !follows(header_.checksums, end, sizeof(std::uint32_t), bytes_.size()) ||
      header_.checksums.bytes != blocks * sizeof(std::uint32_t) ||
      header_.checksums.offset != (blocks + 1) * kBlockBytes) {
    return damaged("its table of contents");
  }
  if (auto fetched = bytes_.fetch(header_.checksums.offset, header_.checksums.bytes); !fetched) return fetched;
  if (checksum(bytes.substr(header_.checksums.offset, header_.checksums.bytes)) != header_.checksums_sum) {
    return damaged("its checksums");
  }
  loaded_ = std::make_unique<std::atomic<std::uint8_t>[]>(blocks);
  return {};
}

// Other threads look at a block only once it is whole: it is fetched to its place before that is announced.
Result<void> AdvisoryIndex::load_block(std::uint64_t block) const {
  if (loaded_[block].load(std::memory_order_acquire) != 0) return {};
  const std::lock_guard lock(*loading_);
  if (loaded_[block].load(std::memory_order_relaxed) != 0) return {};
  const std::uint64_t offset = (block + 1) * kBlockBytes;
  if (auto fetched = bytes_.fetch(offset, kBlockBytes); !fetched) return fetched;
  const std::string_view bytes = bytes_.bytes();
  std::uint32_t want = 0;
  std::memcpy(&want, bytes.data() + header_.checksums.offset + block * sizeof want, sizeof want);
  if (checksum(bytes.substr(offset, kBlockBytes)) != want) return damaged("block " + std::to_string(block + 1));
  loaded_[block].store(1, std::memory_order_release);
  return {};
}

// What nearly every question comes to, once an index has been in use for a while.
inline const char* AdvisoryIndex::loaded(std::uint64_t offset, std::uint64_t bytes) const {
  if (offset < kBlockBytes || offset > header_.checksums.offset || bytes > header_.checksums.offset - offset ||
      bytes == 0) {
    return nullptr;
  }
  const std::uint64_t last = (offset + bytes - 1) / kBlockBytes;
  for (std::uint64_t block = offset / kBlockBytes; block <= last; ++block) {
    if (loaded_[block - 1].load(std::memory_order_acquire) == 0) return nullptr;
  }
  return bytes_.bytes().data() + offset;
}

Result<std::string_view> AdvisoryIndex::range(std::uint64_t offset, std::uint64_t bytes) const {
  if (const char* const here = loaded(offset, bytes)) return std::string_view(here, bytes);
  if (offset < kBlockBytes || offset > header_.checksums.offset || bytes > header_.checksums.offset - offset) {
    return damaged("an offset");
  }
  if (bytes == 0) return std::string_view();
  for (std::uint64_t block = offset / kBlockBytes; block <= (offset + bytes - 1) / kBlockBytes; ++block) {
    if (auto loaded = load_block(block - 1); !loaded) return loaded.error();
  }
  return bytes_.bytes().substr(offset, bytes);
}

template <class Record>
Result<Record> AdvisoryIndex::record(const Section& section, std::uint64_t number) const {
  if (number >= section.bytes / sizeof(Record)) return damaged("a reference");
  const std::uint64_t offset = section.offset + number * sizeof(Record);
  const char* bytes = loaded(offset, sizeof(Record));
  if (bytes == nullptr) {
    const auto fetched = range(offset, sizeof(Record));
    if (!fetched) return fetched.error();
    bytes = fetched->data();
  }
  Record record;
  std::memcpy(&record, bytes, sizeof record);
  return record;
}

// The same as string() where all that it needs has been loaded; otherwise false.
inline bool AdvisoryIndex::string_loaded(StringRef reference, std::string_view& text) const {
  std::uint32_t length = 0;
  if (reference == 0) {
    text = {};
    return true;
  }
  if (reference > header_.strings.bytes || header_.strings.bytes - reference < sizeof length) return false;
  const std::uint64_t offset = header_.strings.offset + reference;
  const char* const head = loaded(offset, sizeof length);
  if (head == nullptr) return false;
  std::memcpy(&length, head, sizeof length);
  if (length > header_.strings.bytes - reference - sizeof length) return false;
  if (loaded(offset, sizeof length + length) == nullptr) return false;
  text = {head + sizeof length, length};
  return true;
}

Result<std::string_view> AdvisoryIndex::string(StringRef reference) const {
  if (reference == 0) return std::string_view();
  std::uint32_t length = 0;
  if (reference > header_.strings.bytes || header_.strings.bytes - reference < sizeof length) {
    return damaged("a reference to a text");
  }
  const auto head = range(header_.strings.offset + reference, sizeof length);
  if (!head) return head.error();
  std::memcpy(&length, head->data(), sizeof length);
  if (length > header_.strings.bytes - reference - sizeof length) return damaged("the length of a text");
  return range(header_.strings.offset + reference + sizeof length, length);
}

template <class Record>
Result<const Record*> AdvisoryIndex::find(const Section& section, std::uint64_t first, std::uint64_t count,
                                          std::string_view name, Record& found) const {
  while (count > 0) {
    const std::uint64_t middle = first + count / 2;
    const auto candidate = record<Record>(section, middle);
    if (!candidate) return candidate.error();
    std::string_view text;
    if (!string_loaded(candidate->name, text)) {
      const auto fetched = string(candidate->name);
      if (!fetched) return fetched.error();
      text = *fetched;
    }
    const int order = text.compare(name);
    if (order == 0) {
      found = *candidate;
      return &found;
    }
    if (order < 0) {
      first = middle + 1;
      count -= count / 2 + 1;
    } else {
      count /= 2;
    }
  }
  return nullptr;
}

Result<std::optional<AdvisoryLookup::Ecosystem>> AdvisoryIndex::ecosystem(std::string_view name) const {
  EcosystemRecord record;
  const auto found = find(header_.ecosystems, 0, header_.ecosystems.bytes / sizeof record, name, record);
  if (!found) return found.error();
  if (*found == nullptr) return std::optional<AdvisoryLookup::Ecosystem>();
  const auto date = string(record.data_date);
  if (!date) return date.error();
  return std::optional(AdvisoryLookup::Ecosystem{*date});
}

Result<AffectedRow> AdvisoryIndex::row(std::uint64_t number) const {
  const auto row = record<RowRecord>(header_.rows, number);
  if (!row) return row.error();
  const auto vulnerability = record<VulnerabilityRecord>(header_.vulnerabilities, row->vulnerability);
  if (!vulnerability) return vulnerability.error();
  const auto terms = record<TermsRecord>(header_.terms, row->terms);
  if (!terms) return terms.error();

  AffectedRow affected;
  const std::pair<StringRef, std::string_view*> texts[] = {{row->introduced, &affected.introduced},
                                                           {row->fixed, &affected.fixed},
                                                           {row->last_affected, &affected.last_affected},
                                                           {vulnerability->id, &affected.id},
                                                           {vulnerability->aliases, &affected.aliases},
                                                           {vulnerability->published, &affected.published},
                                                           {vulnerability->summary, &affected.summary},
                                                           {terms->feed, &affected.feed},
                                                           {terms->scope, &affected.scope},
                                                           {terms->symbols, &affected.symbols}};
  for (const auto& [reference, text] : texts) {
    if (string_loaded(reference, *text)) continue;
    const auto read = string(reference);
    if (!read) return read.error();
    *text = *read;
  }
  const std::uint8_t severity = row->severity != 0 ? row->severity : vulnerability->severity;
  if (severity > static_cast<std::uint8_t>(Severity::critical)) return damaged("a severity");
  affected.severity = static_cast<Severity>(severity);
  if (row->kind > static_cast<std::uint8_t>(StatementKind::unclear)) return damaged("a kind of statement");
  affected.kind = static_cast<StatementKind>(row->kind);
  const std::int16_t tenths = row->cvss_tenths >= 0 ? row->cvss_tenths : vulnerability->cvss_tenths;
  affected.cvss = tenths < 0 ? -1 : tenths / 10.0;
  if (terms->status > static_cast<std::uint8_t>(AdvisoryStatus::not_affected) || terms->is_malicious > 1) {
    return damaged("a status");
  }
  affected.status = static_cast<AdvisoryStatus>(terms->status);
  affected.is_malicious = terms->is_malicious == 1;
  return affected;
}

Result<void> AdvisoryIndex::for_each(std::string_view ecosystem, std::string_view package,
                                     const std::function<void(const AffectedRow&)>& visit) const {
  EcosystemRecord place;
  const auto found = find(header_.ecosystems, 0, header_.ecosystems.bytes / sizeof place, ecosystem, place);
  if (!found) return found.error();
  if (*found == nullptr) return {};
  PackageRecord record;
  const auto in_package = find(header_.packages, place.first_package, place.packages, package, record);
  if (!in_package) return in_package.error();
  if (*in_package == nullptr) return {};
  for (std::uint64_t i = 0; i < record.rows; ++i) {
    const auto affected = row(record.first_row + i);
    if (!affected) return affected.error();
    visit(*affected);
  }
  return {};
}

Result<bool> AdvisoryIndex::knows(std::string_view vulnerability) const {
  for (std::uint64_t i = 0; i < vulnerabilities(); ++i) {
    const auto known = record<VulnerabilityRecord>(header_.vulnerabilities, i);
    if (!known) return known.error();
    const auto id = string(known->id);
    if (!id) return id.error();
    const auto aliases = string(known->aliases);
    if (!aliases) return aliases.error();
    if (is_same_word(*id, vulnerability) || has_word(*aliases, vulnerability)) return true;
  }
  return false;
}

std::string AdvisoryIndex::data_date() const {
  return {header_.data_date.data(), strnlen(header_.data_date.data(), header_.data_date.size())};
}

Result<std::vector<AdvisoryIndex::EcosystemSummary>> AdvisoryIndex::ecosystems() const {
  std::vector<EcosystemSummary> all;
  for (std::uint64_t i = 0; i < header_.ecosystems.bytes / sizeof(EcosystemRecord); ++i) {
    const auto place = record<EcosystemRecord>(header_.ecosystems, i);
    if (!place) return place.error();
    const auto name = string(place->name);
    if (!name) return name.error();
    const auto date = string(place->data_date);
    if (!date) return date.error();
    all.push_back({std::string(*name), place->packages, std::string(*date)});
  }
  return all;
}

Result<std::string_view> AdvisoryIndex::statistics() const {
  return range(header_.statistics.offset, header_.statistics.bytes);
}

Result<void> AdvisoryIndex::verify() const {
  const auto whole = range(kBlockBytes, header_.checksums.offset - kBlockBytes);
  if (!whole) return whole.error();
  return {};
}

}  // namespace initscan
