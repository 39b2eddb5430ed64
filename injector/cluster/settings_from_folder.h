#pragma once

#include "common/result.h"
#include "injector/cluster/settings.h"

#include <string>

namespace initscan::injector {

inline constexpr std::size_t kMaxPolicyFiles = 1000;

/// Takes ClusterScanPolicy, ScanPolicy and ScanExemption objects out of a folder's *.yaml, *.yml and *.json files
/// into `settings`, in the order of their names: the same without a cluster. Errors: any object that cannot be
/// read, by file; a file must not lose its voice unnoticed.
Result<void> read_policy_folder(const std::string& folder, ClusterSettings& settings);

}  // namespace initscan::injector
