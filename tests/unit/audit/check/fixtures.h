#pragma once

#include "audit/check/evaluate.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// An image history of what a test says.
class ToldHistory : public ImageHistory {
 public:
  Known<ImageVulnerabilities> vulnerabilities(std::string_view, Time) const override { return found; }
  Known<bool> was_scanned(std::string_view) const override { return scanned; }

  Known<ImageVulnerabilities> found;
  Known<bool> scanned;
};

// What surrounds a pod. Nothing of the cluster is known unless a fixture says it.
struct World {
  ClusterFacts cluster;
  AuditPolicy policy;
  ToldHistory history;
  bool has_history = false;
};

using Arrange = std::function<void(World&)>;

// One pod, and the whole answer of one check. The pod is its manifest without name and namespace: shop-1 in shop.
struct Fixture {
  std::string_view check;
  Outcome outcome;
  std::string_view pod;
  std::string_view container;  // whose answer it is; "" for the pod's own
  std::string_view value;
  std::string_view evidence;
  std::string_view message;
  Arrange arrange = nullptr;
};

// The same for all pods of a workload together.
struct WorkloadFixture {
  std::string_view check;
  Outcome outcome;
  WorkloadContainer container;
  std::string_view value;
  std::string_view evidence;
  std::string_view message;
};

inline constexpr std::string_view kNow = "2026-11-24T12:00:00Z";  // of every fixture

Arrange node(std::string_view runtime, std::string_view kubelet = "v1.36.2", std::string_view os = "linux");
Arrange namespace_labels(StringMap labels);

// By family; together every check has one that passes, one that fails, and one that cannot know.
std::vector<Fixture> capabilities_fixtures();
std::vector<Fixture> images_fixtures();
std::vector<Fixture> node_fixtures();
std::vector<Fixture> privileges_fixtures();
std::vector<Fixture> profiles_fixtures();
std::vector<Fixture> runtime_fixtures();
std::vector<Fixture> secrets_fixtures();
std::vector<WorkloadFixture> workload_fixtures();

}  // namespace initscan::audit
