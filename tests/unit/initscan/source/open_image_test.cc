#include "initscan/source/open_image.h"

#include "tests/unit/temporary_folder.h"

#include <fstream>

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(OpenImage, OpensAFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a") << "text";
  const auto image = open_image(rootfs_reference(folder.path().string()));
  ASSERT_TRUE(image) << image.error().text;
  EXPECT_EQ(**(*image)->read("a", 10), "text");
  EXPECT_EQ((*image)->digest(), "");
}

TEST(OpenImage, SaysWhatItCannotOpen) {
  EXPECT_EQ(open_image("rootfs:/none").error().text, "/none: cannot open: No such file or directory");
  for (const std::string reference : {"debian:12", "oci:/images/x", "/images/0", ""}) {
    const std::string want = '"' + reference + "\" is no image that can be read; want rootfs:DIR";
    EXPECT_EQ(open_image(reference).error().text, want);
    EXPECT_EQ(paths_of_image(reference).error().text, want);
  }
}

TEST(OpenImage, NamesWhatHasToBeReadable) {
  EXPECT_EQ(*paths_of_image("rootfs:/images/0"), std::vector<std::string>{"/images/0"});
}

}  // namespace
}  // namespace initscan
