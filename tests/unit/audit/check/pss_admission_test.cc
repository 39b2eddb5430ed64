// Runs the fixtures of Kubernetes' own pod-security-admission, where they are: INITSCAN_PSS_FIXTURES names the folder
// staging/src/k8s.io/pod-security-admission/test/testdata of a Kubernetes source tree.

#include "audit/check/pss/standard.h"
#include "common/file_io.h"
#include "tests/unit/audit/check/read_yaml.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace initscan::audit {
namespace {

namespace fs = std::filesystem;

// "capabilities_restricted12.yaml" is about the control capabilities_restricted.
std::string control_of(const fs::path& file) {
  std::string stem = file.stem().string();
  while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9') stem.pop_back();
  return stem;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What is wrong with our answer; "" where it is the fixture's.
std::string disagreement(const fs::path& file, PssLevel level, PssVersion version, bool must_pass) {
  const auto text = read_file(file.string(), 1 << 20);
  if (!text) return text.error().text;
  const auto pod = read_pod_yaml(*text);
  if (!pod) return pod.error().text;

  std::string violated;
  bool named_passed = false;  // a control that a stricter one superseded is not asked
  for (const PssControl& control : evaluate_pss(*pod, level, version)) {
    if (!control.passed) violated += std::string(control.control) + ' ';
    if (lower(std::string(control.control)) == control_of(file)) named_passed = control.passed;
  }
  if (must_pass) return violated.empty() ? "" : "violates " + violated;
  if (named_passed) return "does not violate " + control_of(file);
  return violated.empty() ? "violates nothing" : "";
}

TEST(PssAdmission, AgreesWithKubernetesOnItsOwnFixtures) {
  const char* folder = std::getenv("INITSCAN_PSS_FIXTURES");
  if (!folder) GTEST_SKIP() << "INITSCAN_PSS_FIXTURES does not name the fixtures of pod-security-admission";
  std::size_t asked = 0;
  std::size_t agreed = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    const fs::path verdict = entry.path().parent_path();
    const auto version = parse_pss_version(verdict.parent_path().filename().string());
    const auto level = parse_pss_level(verdict.parent_path().parent_path().filename().string());
    ASSERT_TRUE(version && level) << entry.path();
    const std::string problem = disagreement(entry.path(), *level, *version, verdict.filename() == "pass");
    EXPECT_EQ(problem, "") << entry.path();
    ++asked;
    agreed += problem.empty();
  }
  EXPECT_GT(asked, 0u) << folder << " has no fixtures";
  std::cout << agreed << " of " << asked << " fixtures agree\n";
}

}  // namespace
}  // namespace initscan::audit
