#pragma once

#include "audit/model/pod.h"
#include "initscan/model/severity.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace initscan::audit {

// An accepted failure. It comes from the audit's own policy, or from an object of the cluster as far as the cluster's
// policy allows it: owners cannot grant it to themselves.
struct Exception {
  std::string check;         // id; "*": every check
  std::string namespace_;    // glob; "": everywhere
  std::string workload;      // "Deployment/shop", glob; "": all
  std::string container;     // glob; "": all
  std::string reason;        // never empty
  Time expires;              // from this moment on it no longer holds
  int line = 0;              // its line in its file
  std::string granted_by{};  // "ScanExemption shop/legacy": an object of the cluster; "": the audit's policy
};

// What the audit's policy file says. The defaults are those of a file that says nothing.
struct AuditPolicy {
  std::string name = "default";
  std::chrono::days max_age{30};  // of a running container
  std::int64_t max_restarts = 10;
  std::uint64_t max_write_layer_bytes = 64ull << 20;
  std::string team_label = "team";           // label of workload or namespace that names who is responsible
  std::string pss_level = "restricted";      // where a namespace has no enforce label: privileged, baseline, restricted
  std::string pss_version = "latest";        // "v1.30"
  std::vector<std::string> disabled_checks;  // ids
  std::vector<std::string> skip_namespaces;  // globs; counted in the report
  std::vector<Exception> exceptions;
};

}  // namespace initscan::audit
