#pragma once

#include "audit/collect/facts_builder.h"
#include "audit/collect/source.h"
#include "audit/collect/write_layers.h"
#include "common/kube/client.h"

#include <chrono>
#include <optional>
#include <string>

namespace initscan::audit {

struct KubeSourceOptions {
  std::chrono::seconds longest{600};       // for all facts, and again for all pods
  std::optional<KubeletOptions> kubelets;  // where write layers are asked for
};

// An audit of a cluster through its API server, which is only asked to get and list. Lists come in pages that are
// reduced one by one. What it refuses becomes a gap, and so does everything where it cannot be reached.
class KubeSource : public Source {
 public:
  KubeSource(KubeConfig config, KubeSourceOptions options);

  Result<ClusterFacts> facts() override;
  Result<std::vector<Gap>> pods(const OnPod& on_pod) override;

 private:
  boost::asio::awaitable<Result<void>> read_facts(FactsBuilder& builder);
  void add_write_layers(const std::map<std::string, KubeletAddress>& kubelets, ClusterFacts& facts) const;
  boost::asio::awaitable<Result<void>> read_pods(const OnPod& on_pod, GapList& gaps);

  const KubeConfig config_;
  const KubeSourceOptions options_;
  std::string version_;
  std::string unreachable_;  // why nothing more is asked
};

}  // namespace initscan::audit
