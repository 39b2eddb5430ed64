#pragma once

#include "audit/model/cluster.h"
#include "common/result.h"

#include <cstddef>
#include <map>
#include <string_view>

namespace initscan::audit {

inline constexpr std::size_t kMaxStatsPods = 5'000;  // of one node

using WriteLayers = std::map<ContainerKey, WriteLayer>;

/// Adds what a kubelet's /stats/summary says of its containers' write layers: rootfs.usedBytes and rootfs.inodesUsed.
/// If two nodes report the same container, the larger figures win: a lying node can raise them but not hide them.
/// Errors: malformed, over_limit - by the field's place; then nothing is added.
Result<void> read_stats_summary(std::string_view json, WriteLayers& layers);

}  // namespace initscan::audit
