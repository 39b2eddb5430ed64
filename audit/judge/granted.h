#pragma once

#include "audit/model/cluster.h"
#include "audit/model/policy.h"
#include "audit/model/report.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxGrantWarnings = 100;  // of one cluster: whoever may create objects may create many

// What initscan's own objects in a cluster accept of its findings: checks that a ClusterScanPolicy ignores, in the
// namespaces that it holds in; and ScanExemptions, as far as the policy of their namespace lets it exempt. Without a
// policy that allows it a namespace exempts nothing.
class GrantedExceptions {
 public:
  /// `cluster` outlives this.
  GrantedExceptions(const ClusterFacts& cluster, Time now);

  /// Marks what is accepted, as apply_exceptions() does.
  void apply(Workload& workload);

  /// Those in force and those that have ended: policies first, then by namespace and name.
  std::vector<Exception> all() const;

  /// One sentence for each object that accepts nothing, and why: refused, ended, about nothing. Once every workload
  /// has passed by.
  std::vector<std::string> warnings() const;

 private:
  struct Grant {
    Exception exception;
    bool is_used = false;
  };
  using Grants = std::vector<Grant>;

  void take_policy(const ScanPolicy& policy);
  void take_exemption(const ScanExemption& exemption);
  void apply(Grants& grants, Workload& workload) const;
  void warn(std::string sentence);
  std::string with_cluster(std::string_view text) const;

  // The policy that applies in a namespace; or why it is not known.
  const ScanPolicy* policy_of(std::string_view namespace_, std::string& why_not) const;

  const ClusterFacts& cluster_;
  const Time now_;
  std::map<std::string, Grants, std::less<>> of_policies_;
  std::map<std::string, Grants, std::less<>> of_namespaces_;
  std::vector<std::string> refused_;
  std::size_t not_told_ = 0;
};

}  // namespace initscan::audit
