#include "initscan/advisory/index/index.h"

#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/index/packed_details.h"
#include "initscan/advisory/index/packed_rows.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace initscan {
namespace {

Error damaged(const std::string& what) {
  return {Errc::malformed, "damaged: " + what + "; build or fetch the index again"};
}

Error not_an_index() {
  return {Errc::malformed, "not an advisory index; make one with initscan db build"};
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
  // Before its sum: another version's header may have another.
  if (header_.version != kIndexVersion || header_.block_bytes != kBlockBytes) {
    return Error{Errc::unsupported, "an index of format " + std::to_string(header_.version) +
                                        ", but this program reads format " + std::to_string(kIndexVersion) +
                                        "; build it again with this version of initscan"};
  }
  if (index_sum(bytes.substr(0, offsetof(IndexHeader, header_sum))) != header_.header_sum) return damaged("its header");
  if (header_.file_bytes != bytes_.size()) return damaged("its size");

  std::uint64_t end = kBlockBytes;
  const std::pair<const Section*, std::size_t> sections[] = {{&header_.ecosystems, sizeof(EcosystemRecord)},
                                                             {&header_.packages, sizeof(PackageRecord)},
                                                             {&header_.rows, 1},
                                                             {&header_.terms, sizeof(TermsRecord)},
                                                             {&header_.vulnerabilities, sizeof(VulnerabilityRecord)},
                                                             {&header_.details, 1},
                                                             {&header_.words, sizeof(StringRef)},
                                                             {&header_.strings, 1},
                                                             {&header_.statistics, 1}};
  const bool in_order = std::all_of(std::begin(sections), std::end(sections), [&](const auto& section) {
    return follows(*section.first, end, section.second, bytes_.size());
  });
  const std::uint64_t blocks = in_order ? (end + kBlockBytes - 1) / kBlockBytes - 1 : 0;
  if (!in_order || !follows(header_.checksums, end, sizeof(std::uint64_t), bytes_.size()) ||
      header_.checksums.bytes != blocks * sizeof(std::uint64_t) ||
      header_.checksums.offset != (blocks + 1) * kBlockBytes ||
      !follows(header_.seal, end, sizeof(SealRecord), bytes_.size()) || header_.seal.bytes != sizeof(SealRecord) ||
      end != bytes_.size()) {
    return damaged("its table of contents");
  }
  if (auto fetched = bytes_.fetch(header_.checksums.offset, header_.checksums.bytes); !fetched) return fetched;
  if (index_sum(bytes.substr(header_.checksums.offset, header_.checksums.bytes)) != header_.checksums_sum) {
    return damaged("its checksums");
  }
  loaded_ = std::make_unique<std::atomic<std::uint8_t>[]>(blocks);
  return {};
}

// Where names and their places are, a search asks for one block after another; each look at the file costs more than
// the bytes that it brings.
std::uint64_t AdvisoryIndex::blocks_worth_fetching(std::uint64_t block) const {
  constexpr std::uint64_t kAtOnce = 32;
  const std::uint64_t offset = (block + 1) * kBlockBytes;
  for (const Section* const section : {&header_.packages, &header_.strings}) {
    const std::uint64_t end = section->offset + section->bytes;
    if (offset < section->offset || offset >= end) continue;
    std::uint64_t count = 1;
    while (count < kAtOnce && offset + (count + 1) * kBlockBytes <= end &&
           loaded_[block + count].load(std::memory_order_relaxed) == 0) {
      ++count;
    }
    return count;
  }
  return 1;
}

// Other threads look at a block only once it is whole: it is fetched to its place before that is announced.
Result<void> AdvisoryIndex::load_block(std::uint64_t block) const {
  if (loaded_[block].load(std::memory_order_acquire) != 0) return {};
  const std::lock_guard lock(*loading_);
  if (loaded_[block].load(std::memory_order_relaxed) != 0) return {};
  const std::uint64_t count = blocks_worth_fetching(block);
  if (auto fetched = bytes_.fetch((block + 1) * kBlockBytes, count * kBlockBytes); !fetched) return fetched;
  for (std::uint64_t i = block; i < block + count; ++i) {
    std::uint64_t want = 0;
    std::memcpy(&want, bytes_.bytes().data() + header_.checksums.offset + i * sizeof want, sizeof want);
    const bool is_right = index_sum(bytes_.bytes().substr((i + 1) * kBlockBytes, kBlockBytes)) == want;
    if (is_right) {
      loaded_[i].store(1, std::memory_order_release);
    } else if (i == block) {  // of the others whoever asks for them hears
      return damaged("block " + std::to_string(block + 1));
    }
  }
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

Result<std::string_view> AdvisoryIndex::string(StringRef reference) const {
  constexpr std::uint64_t kMaxLengthBytes = 5;
  if (reference == 0) return std::string_view();
  if (reference >= header_.strings.bytes) return damaged("a reference to a text");
  const std::uint64_t left = header_.strings.bytes - reference;
  const auto head = range(header_.strings.offset + reference, std::min(kMaxLengthBytes, left));
  if (!head) return head.error();
  PackedReader reader(*head);
  const std::uint64_t length = reader.varint();
  const std::uint64_t start = head->size() - reader.left();
  if (!reader.is_sound() || length > left - start) return damaged("the length of a text");
  return range(header_.strings.offset + reference + start, length);
}

template <class Record>
Result<std::optional<std::uint64_t>> AdvisoryIndex::find(const Section& section, std::uint64_t first,
                                                         std::uint64_t count, std::string_view name,
                                                         Record& found) const {
  while (count > 0) {
    const std::uint64_t middle = first + count / 2;
    const auto candidate = record<Record>(section, middle);
    if (!candidate) return candidate.error();
    const auto text = string(candidate->name);
    if (!text) return text.error();
    const int order = text->compare(name);
    if (order == 0) {
      found = *candidate;
      return std::optional(middle);
    }
    if (order < 0) {
      first = middle + 1;
      count -= count / 2 + 1;
    } else {
      count /= 2;
    }
  }
  return std::optional<std::uint64_t>();
}

Result<std::optional<AdvisoryLookup::Ecosystem>> AdvisoryIndex::ecosystem(std::string_view name) const {
  EcosystemRecord record;
  const auto found = find(header_.ecosystems, 0, header_.ecosystems.bytes / sizeof record, name, record);
  if (!found) return found.error();
  if (!*found) return std::optional<AdvisoryLookup::Ecosystem>();
  const auto date = string(record.data_date);
  if (!date) return date.error();
  return std::optional(AdvisoryLookup::Ecosystem{*date});
}

// From where one record says to where the next does, or to the end of the section.
Result<std::string_view> AdvisoryIndex::packed_rows(std::uint64_t package) const {
  const auto own = record<PackageRecord>(header_.packages, package);
  if (!own) return own.error();
  std::uint64_t end = header_.rows.bytes;
  if ((package + 1) * sizeof(PackageRecord) < header_.packages.bytes) {
    const auto next = record<PackageRecord>(header_.packages, package + 1);
    if (!next) return next.error();
    end = next->rows;
  }
  if (own->rows > end || end > header_.rows.bytes) return damaged("the place of rows");
  return range(header_.rows.offset + own->rows, end - own->rows);
}

Result<std::string_view> AdvisoryIndex::packed_details(std::uint64_t vulnerability) const {
  const auto own = record<VulnerabilityRecord>(header_.vulnerabilities, vulnerability);
  if (!own) return own.error();
  std::uint64_t end = header_.details.bytes;
  if (vulnerability + 1 < vulnerabilities()) {
    const auto next = record<VulnerabilityRecord>(header_.vulnerabilities, vulnerability + 1);
    if (!next) return next.error();
    end = next->details;
  }
  if (own->details > end || end > header_.details.bytes) return damaged("the place of details");
  return range(header_.details.offset + own->details, end - own->details);
}

Result<VulnerabilityDetails> AdvisoryIndex::details(std::uint32_t vulnerability) const {
  const auto packed = packed_details(vulnerability);
  if (!packed) return packed.error();
  std::optional<Error> fault;  // of a word, which says what is damaged
  const auto word_of = [&](std::uint64_t number) -> Result<std::string_view> {
    const auto reference = record<StringRef>(header_.words, number);
    auto word = reference ? string(*reference) : Result<std::string_view>(reference.error());
    if (!word) fault = word.error();
    return word;
  };
  auto read = read_details(*packed, word_of);
  if (!read) return fault ? *fault : damaged(read.error().text);
  return read;
}

Result<void> AdvisoryIndex::read_terms(std::uint32_t number, AffectedRow& row) const {
  const auto terms = record<TermsRecord>(header_.terms, number);
  if (!terms) return terms.error();
  const std::pair<StringRef, std::string_view*> texts[] = {
      {terms->feed, &row.feed}, {terms->scope, &row.scope}, {terms->symbols, &row.symbols}};
  for (const auto& [reference, text] : texts) {
    const auto read = string(reference);
    if (!read) return read.error();
    *text = *read;
  }
  if (terms->status > static_cast<std::uint8_t>(AdvisoryStatus::not_affected) || terms->is_malicious > 1) {
    return damaged("a status");
  }
  row.status = static_cast<AdvisoryStatus>(terms->status);
  row.is_malicious = terms->is_malicious == 1;
  return {};
}

Result<void> AdvisoryIndex::for_each(std::string_view ecosystem, std::string_view package,
                                     const std::function<void(const AffectedRow&)>& visit) const {
  EcosystemRecord place;
  const auto found = find(header_.ecosystems, 0, header_.ecosystems.bytes / sizeof place, ecosystem, place);
  if (!found) return found.error();
  if (!*found) return {};
  PackageRecord own;
  const auto in_package = find(header_.packages, place.first_package, place.packages, package, own);
  if (!in_package) return in_package.error();
  if (!*in_package) return {};
  const auto packed = packed_rows(**in_package);
  if (!packed) return packed.error();

  AffectedRow row;
  std::optional<std::uint32_t> terms;  // that the row has
  Result<void> read;
  const bool is_sound = for_each_packed_row(*packed, [&](const PackedRow& next) {
    if (read && terms != next.terms) read = read_terms(next.terms, row);
    if (!read) return;
    terms = next.terms;
    row.vulnerability = next.vulnerability;
    row.severity = next.severity;
    row.cvss = next.cvss_tenths < 0 ? -1 : next.cvss_tenths / 10.0;
    row.introduced = next.introduced;
    row.fixed = next.fixed;
    row.last_affected = next.last_affected;
    row.kind = next.kind;
    visit(row);
  });
  if (!read) return read;
  return is_sound ? Result<void>() : damaged("the rows of a package");
}

Result<void> AdvisoryIndex::for_each_package(std::string_view ecosystem,
                                             const std::function<Result<void>(std::string_view package)>& visit) const {
  EcosystemRecord place;
  const auto found = find(header_.ecosystems, 0, header_.ecosystems.bytes / sizeof place, ecosystem, place);
  if (!found) return found.error();
  for (std::uint64_t i = 0; *found && i < place.packages; ++i) {
    const auto package = record<PackageRecord>(header_.packages, place.first_package + i);
    if (!package) return package.error();
    const auto name = string(package->name);
    if (!name) return name.error();
    if (auto visited = visit(*name); !visited) return visited;
  }
  return {};
}

Result<std::vector<std::uint32_t>> AdvisoryIndex::find_vulnerabilities(std::string_view name) const {
  const PackedName packed_name = pack_name(usual_spelling(name));
  std::vector<std::uint32_t> numbers;
  for (std::uint64_t i = 0; !name.empty() && i < vulnerabilities(); ++i) {
    const auto packed = packed_details(i);
    if (!packed) return packed.error();
    const auto is_called_so = has_name(*packed, name, packed_name);
    if (!is_called_so) return damaged("details of a vulnerability");
    if (*is_called_so) numbers.push_back(static_cast<std::uint32_t>(i));
  }
  return numbers;
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
    all.push_back({std::string(*name), place->packages, place->rows, std::string(*date)});
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

Result<std::string_view> AdvisoryIndex::sealed_bytes() const {
  if (auto whole = verify(); !whole) return whole.error();
  // Of the header's block only the header was needed so far.
  if (auto fetched = bytes_.fetch(0, kBlockBytes); !fetched) return fetched.error();
  return bytes_.bytes().substr(0, header_.seal.offset);
}

Result<SealRecord> AdvisoryIndex::seal() const {
  if (auto fetched = bytes_.fetch(header_.seal.offset, header_.seal.bytes); !fetched) return fetched.error();
  SealRecord seal;
  std::memcpy(&seal, bytes_.bytes().data() + header_.seal.offset, sizeof seal);
  return seal;
}

}  // namespace initscan
