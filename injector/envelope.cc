#include "injector/envelope.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::int64_t kMi = 1'048'576'000;  // thousandths of a byte
constexpr std::int64_t kCpuRequest = 50;
constexpr std::int64_t kCpuLimit = 1000;
constexpr std::int64_t kMemoryRequest = 64 * kMi;
constexpr std::int64_t kMemoryLimit = 256 * kMi;
constexpr std::int64_t kLeastMemoryLimit = 64 * kMi;

using Amount = std::optional<std::int64_t> Amounts::*;

bool is_ours(const Container& container) {
  return container.name.starts_with(kReserved);
}

// An amount of the pod without our containers, and whether each of them says it.
struct Total {
  std::int64_t amount = 0;
  bool said_by_all = true;
};

// What runs together adds up, and an init container needs room beside the sidecars before it.
Total total_of(const Pod& pod, Amounts Container::*of, Amount amount) {
  Total total;
  std::int64_t running = 0;
  const auto own = [&](const Container& container) {
    const std::optional<std::int64_t>& said = container.*of.*amount;
    total.said_by_all = total.said_by_all && said.has_value();
    return said.value_or(0);
  };
  for (const Container& container : pod.init_containers) {
    if (is_ours(container)) continue;
    const std::int64_t needed = running + own(container);
    total.amount = std::max(total.amount, needed);
    if (container.is_sidecar) running = needed;
  }
  for (const Container& container : pod.containers) running += own(container);
  total.amount = std::max(total.amount, running);
  return total;
}

std::int64_t total_request(const Pod& pod, Amount amount) {
  return (pod.requests.*amount).value_or(total_of(pod, &Container::requests, amount).amount);
}

// nullopt where there is none: one container without a limit makes a pod without.
std::optional<std::int64_t> total_limit(const Pod& pod, Amount amount) {
  if ((pod.limits.*amount).has_value()) return pod.limits.*amount;
  const Total total = total_of(pod, &Container::limits, amount);
  return total.said_by_all ? std::optional(total.amount) : std::nullopt;
}

// Kubernetes' QoS class: every container has limits for both, equal to its requests; or the pod itself has.
bool is_guaranteed(const Pod& pod) {
  const auto is_fixed = [](const Amounts& requests, const Amounts& limits) {
    return limits.cpu && limits.memory && *limits.cpu > 0 && *limits.memory > 0 && requests.cpu == limits.cpu &&
           requests.memory == limits.memory;
  };
  if (pod.limits.cpu || pod.limits.memory || pod.requests.cpu || pod.requests.memory) {
    return is_fixed(pod.requests, pod.limits);
  }
  const auto fixed = [&](const Container& c) { return is_ours(c) || is_fixed(c.requests, c.limits); };
  return std::all_of(pod.containers.begin(), pod.containers.end(), fixed) &&
         std::all_of(pod.init_containers.begin(), pod.init_containers.end(), fixed);
}

}  // namespace

Allotment allotment_of(const Pod& pod) {
  const auto cpu_limit = total_limit(pod, &Amounts::cpu);
  const auto memory_limit = total_limit(pod, &Amounts::memory);
  Allotment own;
  own.cpu_limit = std::min(kCpuLimit, cpu_limit.value_or(kCpuLimit));
  own.memory_limit = std::max(kLeastMemoryLimit, std::min(kMemoryLimit, memory_limit.value_or(kMemoryLimit)));
  if (is_guaranteed(pod)) {
    own.cpu_request = own.cpu_limit;
    own.memory_request = own.memory_limit;
    return own;
  }
  own.cpu_request = std::min({kCpuRequest, total_request(pod, &Amounts::cpu), own.cpu_limit});
  own.memory_request = std::min({kMemoryRequest, total_request(pod, &Amounts::memory), own.memory_limit});
  return own;
}

}  // namespace initscan
