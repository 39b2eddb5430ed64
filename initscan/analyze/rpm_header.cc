#include "initscan/analyze/rpm_header.h"

#include "initscan/analyze/byte_order.h"

#include <string>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kIntroBytes = 8;
constexpr std::size_t kEntryBytes = 16;
constexpr std::uint32_t kFirstRegion = 61, kLastRegion = 63;  // HEADERIMAGE, HEADERSIGNATURES, HEADERIMMUTABLE

enum TagType : std::uint32_t { int32_tag = 4, string_tag = 6, binary_tag = 7, localized_string_tag = 9, last_type = 9 };

enum Tag : std::uint32_t {
  name_tag = 1000,
  version_tag = 1001,
  release_tag = 1002,
  epoch_tag = 1003,
  architecture_tag = 1022,
  source_rpm_tag = 1044,
  module_tag = 5096,  // MODULARITYLABEL
};

struct Entry {
  std::uint32_t tag, type, offset, count;
};

std::uint32_t number_in(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset, ByteOrder::big);
}

Entry entry_at(std::string_view bytes, std::size_t offset) {
  return {number_in(bytes, offset), number_in(bytes, offset + 4), number_in(bytes, offset + 8),
          number_in(bytes, offset + 12)};
}

Error in_tag(std::uint32_t tag, std::string text) {
  return {Errc::malformed, "tag " + std::to_string(tag) + ' ' + std::move(text)};
}

// The parts of a header, whose lengths agree.
struct Parts {
  std::size_t entries;
  std::string_view index, data;
};

Result<Parts> parts_of(std::string_view header) {
  if (header.size() < kIntroBytes) return Error{Errc::malformed, "shorter than any header"};
  const std::uint32_t entries = number_in(header, 0);
  if (entries > kMaxRpmTags) {
    return Error{Errc::over_limit,
                 "says that it has " + std::to_string(entries) + " tags, more than " + std::to_string(kMaxRpmTags)};
  }
  const std::uint64_t index_bytes = std::uint64_t{entries} * kEntryBytes;
  const std::uint64_t said = kIntroBytes + index_bytes + number_in(header, 4);
  if (said != header.size()) {
    return Error{Errc::malformed,
                 "says that it has " + std::to_string(said) + " bytes, and has " + std::to_string(header.size())};
  }
  const auto data = static_cast<std::size_t>(kIntroBytes + index_bytes);
  return Parts{entries, header.substr(kIntroBytes, data - kIntroBytes), header.substr(data)};
}

// The trailer of a region repeats its entry, but for the offset: the region's own entries, counted backwards in bytes.
Result<void> check_region(const Parts& parts) {
  const Entry region = entry_at(parts.index, 0);
  if (region.tag < kFirstRegion || region.tag > kLastRegion) return {};  // of a package from before rpm 4
  if (region.type != binary_tag || region.count != kEntryBytes || region.offset > parts.data.size() ||
      parts.data.size() - region.offset < kEntryBytes) {
    return in_tag(region.tag, "is not a region");
  }
  const Entry trailer = entry_at(parts.data, region.offset);
  const std::uint32_t bytes = 0 - trailer.offset;
  const bool is_own = trailer.tag == region.tag || (region.tag == 62 && trailer.tag == kFirstRegion);
  if (!is_own || trailer.type != binary_tag || trailer.count != kEntryBytes || bytes % kEntryBytes != 0 || bytes == 0 ||
      bytes / kEntryBytes > parts.entries) {
    return in_tag(region.tag, "has a trailer that contradicts it");
  }
  return {};
}

// Of a string; of texts in several languages, the first, which is in none.
Result<std::string_view> text_of(const Entry& entry, std::string_view data) {
  const bool is_text =
      (entry.type == string_tag && entry.count == 1) || (entry.type == localized_string_tag && entry.count > 0);
  if (!is_text) return in_tag(entry.tag, "is not a text");
  if (entry.offset >= data.size()) return in_tag(entry.tag, "is outside of the header");
  const std::string_view rest = data.substr(entry.offset, kMaxRpmTextBytes + 1);
  const std::size_t end = rest.find('\0');
  if (end == rest.npos && rest.size() > kMaxRpmTextBytes) {
    return Error{Errc::over_limit,
                 "tag " + std::to_string(entry.tag) + " is longer than " + std::to_string(kMaxRpmTextBytes) + " bytes"};
  }
  if (end == rest.npos) return in_tag(entry.tag, "has no end");
  return rest.substr(0, end);
}

Result<std::uint32_t> number_of(const Entry& entry, std::string_view data) {
  if (entry.type != int32_tag || entry.count != 1) return in_tag(entry.tag, "is not one number");
  if (entry.offset > data.size() || data.size() - entry.offset < 4 || entry.offset % 4 != 0) {
    return in_tag(entry.tag, "is outside of the header");
  }
  return number_in(data, entry.offset);
}

std::string_view* text_for(std::uint32_t tag, RpmHeader& header) {
  switch (tag) {
    case name_tag: return &header.name;
    case version_tag: return &header.version;
    case release_tag: return &header.release;
    case architecture_tag: return &header.architecture;
    case source_rpm_tag: return &header.source_rpm;
    case module_tag: return &header.module;
    default: return nullptr;
  }
}

Result<void> read_entry(const Entry& entry, std::string_view data, RpmHeader& header) {
  if (entry.type > last_type) return in_tag(entry.tag, "is of type " + std::to_string(entry.type));
  if (std::string_view* const field = text_for(entry.tag, header)) {
    if (field->data() != nullptr) return in_tag(entry.tag, "is given twice");
    const auto text = text_of(entry, data);
    if (!text) return text.error();
    *field = *text;
  } else if (entry.tag == epoch_tag) {
    if (header.epoch) return in_tag(entry.tag, "is given twice");
    const auto number = number_of(entry, data);
    if (!number) return number.error();
    header.epoch = *number;
  }
  return {};
}

}  // namespace

Result<RpmHeader> parse_rpm_header(std::string_view bytes) {
  const auto parts = parts_of(bytes);
  if (!parts) return parts.error();
  if (parts->entries == 0) return Error{Errc::malformed, "has no tags"};
  if (auto region = check_region(*parts); !region) return region.error();
  RpmHeader header;
  for (std::size_t i = 0; i < parts->entries; ++i) {
    auto read = read_entry(entry_at(parts->index, i * kEntryBytes), parts->data, header);
    if (!read) return read.error();
  }
  return header;
}

}  // namespace initscan
