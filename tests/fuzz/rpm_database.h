#pragma once

#include "initscan/analyze/rpm_databases.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace initscan {

class BytesView : public FileView {
 public:
  explicit BytesView(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return bytes_.copy(into.data(), into.size(), std::min<std::size_t>(offset, bytes_.size()));
  }

 private:
  std::string_view bytes_;
};

// What a reader gives is part of the file, each byte once: otherwise a small file would cost what a large one does.
template <class Read>
void read_within(std::size_t file_bytes, Read read) {
  std::size_t left = file_bytes;
  const Result<void> done = read([&](std::uint64_t, std::string_view header) -> Result<void> {
    if (header.size() > left) std::abort();
    left -= header.size();
    return {};
  });
  if (!done && done.error().text.empty()) std::abort();
}

}  // namespace initscan
