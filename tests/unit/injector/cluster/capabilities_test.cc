#include "injector/cluster/capabilities.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  std::string_view kubelet, runtime;
  bool want;
};

class ImageVolumes : public testing::TestWithParam<Case> {};

TEST_P(ImageVolumes, NeedBothOfANode) {
  EXPECT_EQ(has_image_volumes(GetParam().kubelet, GetParam().runtime), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, ImageVolumes,
                         testing::Values(Case{"Good", "v1.35.0", "containerd://2.1.0", true},
                                         Case{"Cloud", "v1.36.1-eks-abc", "containerd://2.4.0-rc.1", true},
                                         Case{"Crio", "v1.35.2", "cri-o://1.35.0", true},
                                         Case{"OldKubelet", "v1.34.9", "containerd://2.1.0", false},
                                         Case{"OldRuntime", "v1.36.0", "containerd://1.7.27", false},
                                         Case{"OtherRuntime", "v1.36.0", "docker://28.0.0", false},
                                         Case{"NextMajor", "v2.0.0", "containerd://3.0.0", true},
                                         Case{"NothingSaid", "", "", false},
                                         Case{"NoVersion", "v1.x", "containerd://2.1", false}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::injector
