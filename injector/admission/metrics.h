#pragma once

#include "common/http/refusal.h"
#include "injector/admission/review.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace initscan::injector {

// What is known of the cluster, for its figures.
struct ClusterFigures {
  struct Watch {
    std::string resource;
    std::chrono::seconds age{0};
  };
  std::vector<Watch> watches;
  std::size_t namespaces = 0;  // labelled ones
  std::size_t complaints = 0;  // objects that cannot be read, exemptions that are not allowed
  std::uint64_t lost_events = 0;
  bool leader = false;
};

// The injector's figures for Prometheus. Safe to use from several threads.
class InjectorMetrics {
 public:
  InjectorMetrics();
  ~InjectorMetrics();

  void count(const ReviewAnswer& answer, std::chrono::duration<double> took);

  /// A connection or a request that did not get as far as a review.
  void count(RefusalReason reason);

  /// The text exposition format. `expiry` is that of the certificate that is served.
  std::string text(std::chrono::sys_seconds expiry, const ClusterFigures& cluster) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan::injector
