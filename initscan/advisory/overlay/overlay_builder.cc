#include "initscan/advisory/overlay/overlay_builder.h"

#include "common/crypto/sha256.h"
#include "initscan/advisory/feed/feed_files.h"
#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/overlay/cve_key.h"
#include "initscan/model/overlay_lookup.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <tuple>

namespace initscan {
namespace {

bool is_json_or_csv(std::string_view path) {
  return path.ends_with(".json") || path.ends_with(".csv");
}

bool is_csv(std::string_view path) {
  return path.ends_with(".csv");
}

bool is_json(std::string_view path) {
  return path.ends_with(".json");
}

template <class Record>
void append(std::string& bytes, const Record& record) {
  bytes.append(reinterpret_cast<const char*>(&record), sizeof record);
}

std::string_view bytes_of(std::span<const ExploitationRecord> records) {
  return {reinterpret_cast<const char*>(records.data()), records.size_bytes()};
}

// What does not fit is refused before.
template <std::size_t n>
void fill(std::array<char, n>& bytes, const std::string& text) {
  std::copy_n(text.begin(), std::min(n, text.size()), bytes.begin());
}

auto place_of(const ExploitationRecord& record) {
  return std::tuple(record.year, record.number);
}

// Of two that speak of one vulnerability: since the first day that one of them names, and as likely as the likelier.
void take_into(ExploitationRecord& one, const ExploitationRecord& other) {
  if (other.known_since != 0 && (one.known_since == 0 || other.known_since < one.known_since)) {
    one.known_since = other.known_since;
  }
  if (other.epss != kNoEpss && (one.epss == kNoEpss || other.epss > one.epss)) {
    one.epss = other.epss;
    one.percentile = other.percentile;
  }
}

}  // namespace

const std::vector<OverlayFormat>& overlay_formats() {
  static const std::vector<OverlayFormat> formats{{kKnownExploited, "*.json or *.csv", is_json_or_csv, parse_kev},
                                                  {kEpss, "*.csv", is_csv, parse_epss},
                                                  {kEndOfLife, "*.json", is_json, parse_end_of_life}};
  return formats;
}

Result<void> OverlayBuilder::add(const OverlayFormat& format, const std::string& path) {
  const std::string kind(format.kind);
  if (added_.contains(kind)) return Error{Errc::usage, kind + " twice: an overlay has one source of each kind"};
  Added added{path, "", "", 0, {}};
  const auto take = [&](std::string_view text) -> Result<void> {
    if (text.size() > kMaxOverlayText) {
      return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxOverlayText) + " bytes"};
    }
    auto part = format.parse(text);
    if (!part) return part.error();
    added.date = std::max(added.date, part->date);
    added.model = std::max(added.model, part->model);
    added.records += part->vulnerabilities.size() + part->ends.size();
    for (const auto& [reason, count] : part->skipped) count_reason(added.skipped, reason, count);
    vulnerabilities_.insert(vulnerabilities_.end(), part->vulnerabilities.begin(), part->vulnerabilities.end());
    for (const auto& [name, day] : part->ends) {
      const auto [place, is_new] = ends_.emplace(name, day);
      if (!is_new) place->second = std::max(place->second, day);
    }
    return {};
  };
  if (auto read = for_each_feed_file(path, format.is_file, take); !read) return read;
  if (added.records == 0) {
    return Error{Errc::malformed, path + ": nothing of kind " + kind + " is in it; want " + std::string(format.wants)};
  }
  if (added.date.empty()) added.date = date_of_undated_;
  added_.emplace(kind, std::move(added));
  return {};
}

std::vector<ExploitationRecord> OverlayBuilder::sorted_vulnerabilities() const {
  std::vector<ExploitationRecord> sorted = vulnerabilities_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (kept > 0 && place_of(sorted[kept - 1]) == place_of(sorted[i])) {
      take_into(sorted[kept - 1], sorted[i]);
    } else {
      sorted[kept++] = sorted[i];
    }
  }
  sorted.resize(kept);
  return sorted;
}

Result<std::string> OverlayBuilder::build() const {
  const std::vector<ExploitationRecord> records = sorted_vulnerabilities();
  if (records.size() > kMaxOverlayVulnerabilities || ends_.size() > kMaxOverlayEnds) {
    return Error{Errc::over_limit, "more vulnerabilities or releases than an overlay holds"};
  }
  std::string contents;
  for (const auto& [kind, added] : added_) {
    OverlaySource source;
    fill(source.kind, kind);
    fill(source.date, added.date);
    fill(source.model, added.model);
    source.records = added.records;
    append(contents, source);
  }
  std::string names;
  for (const auto& [name, day] : ends_) {
    append(contents,
           ReleaseEnd{static_cast<std::uint32_t>(names.size()), static_cast<std::uint32_t>(name.size()), day});
    names += name;
  }
  if (names.size() > kMaxOverlayNames) return Error{Errc::over_limit, "more names of releases than an overlay holds"};
  contents += names;
  for (std::size_t i = 0; i < records.size(); i += kRecordsOfBlock) {
    const auto block = std::span(records).subspan(i, std::min(kRecordsOfBlock, records.size() - i));
    const std::uint64_t first = std::uint64_t{block.front().year} << kBitsOfNumber | block.front().number;
    append(contents, ExploitationBlock{first, index_sum(bytes_of(block))});
  }

  OverlayHeader header;
  header.magic = kOverlayMagic;
  header.version = kOverlayVersion;
  header.sources = static_cast<std::uint32_t>(added_.size());
  header.ends = static_cast<std::uint32_t>(ends_.size());
  header.name_bytes = static_cast<std::uint32_t>(names.size());
  header.vulnerabilities = records.size();
  header.contents_sum = index_sum(contents);
  header.header_sum = index_sum({reinterpret_cast<const char*>(&header), offsetof(OverlayHeader, header_sum)});

  std::string file;
  append(file, header);
  file += contents;
  file += bytes_of(records);
  const auto digest = sha256(file);
  file.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return file;
}

}  // namespace initscan
