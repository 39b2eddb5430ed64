#pragma once

#include "injector/review.h"

#include <chrono>
#include <memory>
#include <string>

namespace initscan {

// The injector's figures for Prometheus. Safe to use from several threads.
class InjectorMetrics {
 public:
  InjectorMetrics();
  ~InjectorMetrics();

  void count(const ReviewAnswer& answer, std::chrono::duration<double> took);

  /// The text exposition format. `expiry` is that of the certificate that is served.
  std::string text(std::chrono::sys_seconds expiry) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan
