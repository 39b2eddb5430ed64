#include "initscan/model/file_view.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// A file that says one size and has another.
class Changed : public FileView {
 public:
  Changed(std::uint64_t says, std::string has) : says_(says), has_(std::move(has)) {}

  std::uint64_t size() const override { return says_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return has_.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
  }

 private:
  std::uint64_t says_;
  std::string has_;
};

class Broken : public FileView {
 public:
  std::uint64_t size() const override { return 1; }
  Result<std::size_t> read_at(std::uint64_t, std::span<char>) const override { return Error{Errc::io, "cannot read"}; }
};

std::string read(const FileView& file) {
  const auto bytes = read_whole(file, 10);
  return bytes ? *bytes : "error: " + bytes.error().text;
}

TEST(ReadWhole, TakesWhatIsThere) {
  for (const std::uint64_t says : {0u, 1u, 3u, 4u, 10u}) EXPECT_EQ(read(Changed(says, "abcd")), "abcd") << says;
  EXPECT_EQ(read(Changed(0, "")), "");
  EXPECT_EQ(read(Changed(10, "0123456789")), "0123456789");
}

TEST(ReadWhole, ReadsNothingLargerThanItsLimit) {
  EXPECT_EQ(read(Changed(11, "")), "error: larger than the limit of 10 bytes");
  EXPECT_EQ(read(Changed(0, "0123456789a")), "error: larger than the limit of 10 bytes");
}

TEST(ReadWhole, SaysWhatFailed) {
  EXPECT_EQ(read(Broken()), "error: cannot read");
}

}  // namespace
}  // namespace initscan
