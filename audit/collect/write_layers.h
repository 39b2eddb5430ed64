#pragma once

#include "audit/collect/facts_builder.h"
#include "audit/collect/stats_reader.h"
#include "common/kube/connection.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace initscan::audit {

struct KubeletOptions {
  std::size_t at_once = 8;
  std::chrono::seconds connect{5};
  std::chrono::seconds answer{10};
  std::chrono::seconds longest{300};  // for all nodes
  std::size_t body_bytes = 32 << 20;
  bool trusts_any_certificate = false;  // kubelets often sign their own; then whatever answers gets our token
};

struct NodeWriteLayers {
  WriteLayers layers;
  std::map<std::string, std::string, std::less<>> gaps;  // node -> why not
};

/// Asks each node's kubelet itself, with the credentials and the authority of `config`: /stats/summary there needs
/// `get` on nodes/stats. The way through the API server would need nodes/proxy, which is as good as root everywhere.
/// One question to each, some at once, each with its own deadline: a dead node costs seconds and becomes a gap.
NodeWriteLayers ask_kubelets(const KubeConfig& config, const std::map<std::string, KubeletAddress>& kubelets,
                             const KubeletOptions& options);

}  // namespace initscan::audit
