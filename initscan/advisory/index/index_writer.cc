#include "initscan/advisory/index/index_writer.h"

#include "common/crypto/sha256.h"
#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/index/packed_details.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

namespace initscan {
namespace {

constexpr std::size_t kMaxSectionBytes = std::numeric_limits<std::uint32_t>::max();

// What was written is given back at once: together they are as large as the file.
template <class Record>
Section append(std::string& file, std::vector<Record>& records) {
  const Section section{file.size(), records.size() * sizeof(Record)};
  file.append(reinterpret_cast<const char*>(records.data()), section.bytes);
  std::vector<Record>().swap(records);
  return section;
}

Section append(std::string& file, std::string& bytes) {
  const Section section{file.size(), bytes.size()};
  file += bytes;
  std::string().swap(bytes);
  return section;
}

// Adds the checksums of all blocks and, with them, the header and the seal.
void conclude(std::string& file, IndexHeader& header) {
  file.resize((file.size() + kBlockBytes - 1) / kBlockBytes * kBlockBytes);
  std::vector<std::uint64_t> sums;
  for (std::size_t at = kBlockBytes; at < file.size(); at += kBlockBytes) {
    sums.push_back(index_sum({file.data() + at, kBlockBytes}));
  }
  header.checksums = append(file, sums);
  header.checksums_sum = index_sum({file.data() + header.checksums.offset, header.checksums.bytes});
  header.seal = {file.size(), sizeof(SealRecord)};
  header.file_bytes = file.size() + sizeof(SealRecord);
  header.header_sum = index_sum({reinterpret_cast<const char*>(&header), offsetof(IndexHeader, header_sum)});
  std::memcpy(file.data(), &header, sizeof header);
  SealRecord seal;
  seal.digest = sha256(file);
  file.append(reinterpret_cast<const char*>(&seal), sizeof seal);
}

// Calls `visit` with each word of a summary; spaces part them, whatever number stands side by side.
template <class Visit>
void for_each_word(std::string_view summary, Visit visit) {
  for (bool is_last = summary.empty(); !is_last;) {
    const std::size_t end = summary.find(' ');
    visit(summary.substr(0, end));
    is_last = end == summary.npos;
    summary.remove_prefix(is_last ? summary.size() : end + 1);
  }
}

}  // namespace

void IndexWriter::count_words(std::string_view summary) {
  for_each_word(summary, [&](std::string_view word) {
    const TextNumber number = words_.add(word);
    if (number == 0) return;
    if (words_.mark(number)++ == 0) all_words_.push_back(number);
  });
}

// A word of its own costs four bytes of a reference besides its text.
void IndexWriter::number_words() {
  constexpr std::uint32_t kLeastUses = 3;
  are_words_numbered_ = true;
  std::sort(all_words_.begin(), all_words_.end(), [&](TextNumber a, TextNumber b) {
    return std::tuple(words_.mark(b), words_[a]) < std::tuple(words_.mark(a), words_[b]);
  });
  for (const TextNumber word : all_words_) {
    const bool is_frequent = words_.mark(word) >= kLeastUses;
    if (is_frequent) word_references_.push_back(string(words_[word]));
    words_.mark(word) = is_frequent ? static_cast<std::uint32_t>(word_references_.size()) : 0;
  }
  std::vector<TextNumber>().swap(all_words_);
}

void IndexWriter::add_vulnerability(const VulnerabilityDetails& details) {
  if (!are_words_numbered_) number_words();
  vulnerabilities_.push_back({static_cast<std::uint32_t>(details_.size())});
  append_details(details_, details, [&](std::string_view word) -> std::optional<std::uint64_t> {
    const TextNumber number = words_.add(word);
    const std::uint32_t mark = number == 0 ? 0 : words_.mark(number);
    return mark == 0 ? std::nullopt : std::optional<std::uint64_t>(mark - 1);
  });
}

StringRef IndexWriter::string(std::string_view text) {
  const TextNumber number = texts_.add(text);
  if (number == 0) return 0;
  if (texts_.mark(number) == 0) {
    if (strings_.empty()) strings_ += '\0';  // so that no text has the reference 0
    texts_.mark(number) = static_cast<StringRef>(strings_.size());
    append_packed_text(strings_, text);
  }
  return texts_.mark(number);
}

std::uint32_t IndexWriter::terms(const RowTerms& terms) {
  const auto [place, is_new] = term_numbers_.try_emplace(terms, static_cast<std::uint32_t>(terms_.size()));
  if (is_new) {
    terms_.push_back({string(terms.feed), string(terms.scope), string(terms.symbols),
                      static_cast<std::uint8_t>(terms.status), static_cast<std::uint8_t>(terms.is_malicious), 0});
  }
  return place->second;
}

void IndexWriter::begin_ecosystem(std::string_view name, std::string_view data_date) {
  ecosystems_.push_back({string(name), static_cast<std::uint32_t>(packages_.size()), 0, string(data_date), 0});
}

void IndexWriter::add_package(std::string_view name, const std::vector<PackedRow>& rows) {
  packages_.push_back({string(name), static_cast<std::uint32_t>(rows_.size())});
  append_rows(rows_, rows);
  ++ecosystems_.back().packages;
  ecosystems_.back().rows += rows.size();
  row_count_ += rows.size();
}

bool IndexWriter::is_too_large() const {
  return std::max({rows_.size(), details_.size(), strings_.size(), packages_.size()}) > kMaxSectionBytes ||
         texts_.is_full() || words_.is_full();
}

Result<std::string> IndexWriter::finish(std::string_view data_date, std::string_view statistics) {
  if (is_too_large()) return Error{Errc::over_limit, "the index would be larger than its format allows"};
  std::string file;
  const std::size_t bytes = rows_.size() + details_.size() + strings_.size() + statistics.size() +
                            ecosystems_.size() * sizeof(EcosystemRecord) + packages_.size() * sizeof(PackageRecord) +
                            vulnerabilities_.size() * sizeof(VulnerabilityRecord) +
                            terms_.size() * sizeof(TermsRecord) + word_references_.size() * sizeof(StringRef);
  const std::size_t blocks = bytes / kBlockBytes + 2;  // with the header's, and the last, which is filled up
  file.reserve(blocks * (kBlockBytes + sizeof(std::uint64_t)) + sizeof(SealRecord));
  file.resize(kBlockBytes);
  IndexHeader header;
  header.magic = kIndexMagic;
  header.version = kIndexVersion;
  header.block_bytes = kBlockBytes;
  header.row_count = row_count_;
  std::copy_n(data_date.begin(), std::min(data_date.size(), header.data_date.size() - 1), header.data_date.begin());
  header.ecosystems = append(file, ecosystems_);
  header.packages = append(file, packages_);
  header.rows = append(file, rows_);
  header.terms = append(file, terms_);
  header.vulnerabilities = append(file, vulnerabilities_);
  header.details = append(file, details_);
  header.words = append(file, word_references_);
  header.strings = append(file, strings_);
  std::string text(statistics);
  header.statistics = append(file, text);
  conclude(file, header);
  return file;
}

}  // namespace initscan
