#include "common/json/writer.h"
#include "common/text/join.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/index/index_format.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <zlib.h>

namespace initscan {
namespace {

std::uint32_t checksum(const char* bytes, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(bytes), size));
}

// The strings section: each text once, in the order in which it is first asked for.
class StringPool {
 public:
  StringRef add(const std::string& text) {
    if (text.empty()) return 0;
    const auto [place, is_new] = references_.try_emplace(text, static_cast<StringRef>(bytes_.size()));
    if (!is_new) return place->second;
    const auto length = static_cast<std::uint32_t>(text.size());
    bytes_.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes_ += text;
    return place->second;
  }

  bool fits() const { return bytes_.size() <= std::numeric_limits<StringRef>::max(); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = std::string(4, '\0');  // so that no text has the reference 0
  std::unordered_map<std::string, StringRef> references_;
};

template <class Record>
Section append(std::string& file, const std::vector<Record>& records) {
  const Section section{file.size(), records.size() * sizeof(Record)};
  file.append(reinterpret_cast<const char*>(records.data()), section.bytes);
  return section;
}

Section append(std::string& file, const std::string& bytes) {
  const Section section{file.size(), bytes.size()};
  file += bytes;
  return section;
}

void write_reasons(JsonWriter& json, std::string_view key, const ReasonCounts& reasons) {
  json.key(key).begin_object();
  for (const auto& [reason, count] : reasons) json.field(reason, count);
  json.end_object();
}

std::string statistics_json(const FeedStatistics& feed) {
  JsonWriter json = JsonWriter::ascii();
  json.begin_object().field("kind", feed.kind).field("records", feed.records).field("indexed", feed.indexed);
  write_reasons(json, "skippedFiles", feed.skipped_files);
  write_reasons(json, "skipped", feed.skipped);
  json.field("statements", feed.statements);
  write_reasons(json, "skippedStatements", feed.skipped_statements);
  write_reasons(json, "doubtfulStatements", feed.doubtful_statements);
  return json.end_object().take();
}

// The order in which the feeds came does not matter.
std::string statistics_json(const std::vector<FeedStatistics>& feeds) {
  std::vector<std::string> texts;
  texts.reserve(feeds.size());
  for (const FeedStatistics& feed : feeds) texts.push_back(statistics_json(feed));
  std::sort(texts.begin(), texts.end());
  JsonWriter json;
  json.begin_array();
  for (const std::string& text : texts) json.json(text);
  return json.end_array().take();
}

// Adds the checksums of all blocks and, with them, the header.
void seal(std::string& file, IndexHeader& header) {
  file.resize((file.size() + kBlockBytes - 1) / kBlockBytes * kBlockBytes);
  std::vector<std::uint32_t> sums;
  for (std::size_t at = kBlockBytes; at < file.size(); at += kBlockBytes) {
    sums.push_back(checksum(file.data() + at, kBlockBytes));
  }
  header.checksums = append(file, sums);
  header.checksums_sum = checksum(file.data() + header.checksums.offset, header.checksums.bytes);
  header.file_bytes = file.size();
  header.header_sum = checksum(reinterpret_cast<const char*>(&header), offsetof(IndexHeader, header_sum));
  std::memcpy(file.data(), &header, sizeof header);
}

// The sections while they are filled.
struct Sections {
  StringPool strings;
  std::vector<EcosystemRecord> ecosystems;
  std::vector<PackageRecord> packages;
  std::vector<RowRecord> rows;
  std::vector<TermsRecord> terms;
  std::vector<VulnerabilityRecord> vulnerabilities;

  EcosystemRecord& ecosystem(const std::string& name, const std::string& data_date) {
    return ecosystems.emplace_back(
        EcosystemRecord{strings.add(name), static_cast<std::uint32_t>(packages.size()), 0, strings.add(data_date)});
  }
};

}  // namespace

// Rows are sorted by ecosystem and package; an ecosystem may have none.
Result<std::string> IndexBuilder::write() const {
  Sections sections;
  constexpr std::uint32_t kNotYet = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> numbers(vulnerabilities_.size(), kNotYet);  // in the file, in the order of first use
  const auto number_of = [&](std::uint32_t vulnerability) {
    if (numbers[vulnerability] != kNotYet) return numbers[vulnerability];
    const Vulnerability& v = vulnerabilities_[vulnerability];
    numbers[vulnerability] = static_cast<std::uint32_t>(sections.vulnerabilities.size());
    const auto tenths = static_cast<std::int16_t>(v.cvss < 0 ? -1 : std::lround(v.cvss * 10));
    StringPool& strings = sections.strings;
    sections.vulnerabilities.push_back({strings.add(v.id), strings.add(join(v.aliases, " ")), strings.add(v.published),
                                        strings.add(v.summary), tenths, static_cast<std::uint8_t>(v.severity), 0});
    return numbers[vulnerability];
  };

  std::vector<std::uint32_t> numbers_of_terms(terms_.size(), kNotYet);  // likewise
  const auto terms_of = [&](std::uint32_t terms) {
    std::uint32_t& number = numbers_of_terms[terms];
    if (number != kNotYet) return number;
    const Terms& t = terms_[terms];
    number = static_cast<std::uint32_t>(sections.terms.size());
    StringPool& strings = sections.strings;
    sections.terms.push_back({strings.add(texts_[t.feed]), strings.add(texts_[t.scope]), strings.add(texts_[t.symbols]),
                              static_cast<std::uint8_t>(t.status), static_cast<std::uint8_t>(t.is_malicious), 0});
    return number;
  };

  auto row = rows_.begin();
  for (const auto& [name, data_date] : ecosystems_) {
    EcosystemRecord& ecosystem = sections.ecosystem(name, data_date);
    for (const Row* previous = nullptr; row != rows_.end() && texts_[row->ecosystem] == name; previous = &*row++) {
      StringPool& strings = sections.strings;
      if (previous == nullptr || previous->package != row->package) {
        const auto first = static_cast<std::uint32_t>(sections.rows.size());
        sections.packages.push_back({strings.add(texts_[row->package]), first, 0});
        ++ecosystem.packages;
      }
      sections.rows.push_back({number_of(row->vulnerability), strings.add(texts_[row->introduced]),
                               strings.add(texts_[row->fixed]), strings.add(texts_[row->last_affected]),
                               static_cast<std::uint8_t>(row->severity), static_cast<std::uint8_t>(row->kind),
                               row->cvss_tenths, terms_of(row->terms)});
      ++sections.packages.back().rows;
    }
  }
  if (!sections.strings.fits() || sections.rows.size() >= kNotYet) {
    return Error{Errc::over_limit, "the index would be larger than its format allows"};
  }

  std::string file(kBlockBytes, '\0');
  IndexHeader header;
  header.magic = kIndexMagic;
  header.version = kIndexVersion;
  header.block_bytes = kBlockBytes;
  std::copy_n(data_date_.begin(), std::min(data_date_.size(), header.data_date.size() - 1), header.data_date.begin());
  header.ecosystems = append(file, sections.ecosystems);
  header.packages = append(file, sections.packages);
  header.rows = append(file, sections.rows);
  header.terms = append(file, sections.terms);
  header.vulnerabilities = append(file, sections.vulnerabilities);
  header.strings = append(file, sections.strings.bytes());
  header.statistics = append(file, statistics_json(feeds_));
  seal(file, header);
  return file;
}

}  // namespace initscan
