#pragma once

#include "initscan/analyze/rpm_databases.h"
#include "tests/unit/initscan/analyze/map_files.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace initscan {

// A number of so many bytes.
inline std::string big(std::uint64_t number, std::size_t bytes = 4) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[bytes - 1 - i] = static_cast<char>(number >> 8 * i & 0xff);
  return text;
}

inline std::string little(std::uint64_t number, std::size_t bytes = 4) {
  const std::string text = big(number, bytes);
  return {text.rbegin(), text.rend()};
}

// One tag of a header as it is written; a test may write anything.
struct MadeTag {
  std::uint32_t tag;
  std::uint32_t type;
  std::uint32_t count;
  std::string data;
};

inline MadeTag text_tag(std::uint32_t tag, const std::string& text) {
  return {tag, 6, 1, text + '\0'};
}

inline MadeTag number_tag(std::uint32_t tag, std::uint32_t number) {
  return {tag, 4, 1, big(number)};
}

// Numbers lie at multiples of their size.
inline std::string made_header(const std::vector<MadeTag>& tags) {
  std::string index, data;
  for (const MadeTag& tag : tags) {
    if (tag.type == 4) data.resize((data.size() + 3) / 4 * 4);
    index += big(tag.tag) + big(tag.type) + big(data.size()) + big(tag.count);
    data += tag.data;
  }
  return big(tags.size()) + big(data.size()) + index + data;
}

// As rpm writes it: a region around what was built, and behind that what installing added.
inline std::string made_region(const std::vector<MadeTag>& built, const std::vector<MadeTag>& added = {}) {
  std::string index, data;
  const auto add = [&](const MadeTag& tag) {
    if (tag.type == 4) data.resize((data.size() + 3) / 4 * 4);
    index += big(tag.tag) + big(tag.type) + big(data.size()) + big(tag.count);
    data += tag.data;
  };
  for (const MadeTag& tag : built) add(tag);
  const std::string region = big(63) + big(7) + big(data.size()) + big(16);
  data += big(63) + big(7) + big(0 - 16 * (built.size() + 1)) + big(16);
  for (const MadeTag& tag : added) add(tag);
  return big(built.size() + added.size() + 1) + big(data.size()) + region + index + data;
}

// The least that a package has.
inline std::string made_package(const std::string& name, const std::string& version = "1") {
  return made_region({text_tag(1000, name), text_tag(1001, version), text_tag(1002, "2.el9"), text_tag(1022, "x86_64"),
                      text_tag(1044, name + '-' + version + "-2.el9.src.rpm")},
                     {number_tag(1008, 7)});
}

// What a reader gives of a database, and the error that ended it.
struct ReadBack {
  std::vector<std::pair<std::uint64_t, std::string>> headers;
  std::string error;

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& [number, header] : headers) all.push_back(header);
    return all;
  }
};

template <class Read>
ReadBack read_back(Read read) {
  ReadBack got;
  const Result<void> done = read([&](std::uint64_t number, std::string_view header) -> Result<void> {
    got.headers.emplace_back(number, header);
    return {};
  });
  if (!done) got.error = done.error().text;
  return got;
}

// Puts bytes over others.
inline std::string with(std::string bytes, std::size_t offset, const std::string& others) {
  return bytes.replace(offset, others.size(), others);
}

// A database of rpm's ndb with these blobs, numbered from 1.
inline std::string made_ndb(const std::vector<std::string>& blobs, std::uint32_t slot_pages = 1) {
  constexpr std::size_t kBlock = 16;
  std::string file = "RpmP" + little(0) + little(1) + little(slot_pages) + little(blobs.size() + 1);
  file.resize(32, '\0');
  std::string stored;
  std::uint32_t number = 0;
  for (const std::string& blob : blobs) {
    ++number;
    std::string bytes = "BlbS" + little(number) + little(1) + little(blob.size()) + blob;
    bytes.resize((bytes.size() + 12 + kBlock - 1) / kBlock * kBlock - 12, '\0');
    std::uint32_t a = 1, b = 0;
    for (const char c : bytes) {
      a = (a + static_cast<unsigned char>(c)) % 65521;
      b = (b + a) % 65521;
    }
    bytes += little(b << 16 | a) + little(blob.size()) + "BlbE";
    file +=
        "Slot" + little(number) + little((slot_pages * 4096 + stored.size()) / kBlock) + little(bytes.size() / kBlock);
    stored += bytes;
  }
  while (file.size() < slot_pages * 4096) file += "Slot" + std::string(12, '\0');
  return file + stored;
}

}  // namespace initscan
