#include "injector/inject/allotment.h"

#include "common/names.h"
#include "injector/pod/quantity.h"

#include <algorithm>
#include <limits>

namespace initscan::injector {
namespace {

constexpr std::int64_t kMi = 1'048'576'000;  // thousandths of a byte
constexpr std::int64_t kCpuLimit = 1000;
constexpr std::int64_t kMemoryLimit = 256 * kMi;
constexpr std::int64_t kLeastMemoryLimit = 64 * kMi;

using Amount = std::optional<std::int64_t> Amounts::*;

bool is_ours(const Container& container) {
  return container.name.starts_with(names::kReserved);
}

// An amount of the pod without our containers, and whether each of them says it.
struct Total {
  std::int64_t amount = 0;
  bool said_by_all = true;
};

// What runs together adds up, and an init container needs room besides the sidecars before it.
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
    const std::int64_t needed = add_quantities(running, own(container));
    total.amount = std::max(total.amount, needed);
    if (container.is_sidecar) running = needed;
  }
  for (const Container& container : pod.containers) running = add_quantities(running, own(container));
  total.amount = std::max(total.amount, running);
  return total;
}

std::int64_t total_request(const Pod& pod, Amount amount) {
  return (pod.requests.*amount).value_or(total_of(pod, &Container::requests, amount).amount);
}

// nullopt if there is none: one container without a limit makes a pod without one.
std::optional<std::int64_t> total_limit(const Pod& pod, Amount amount) {
  if ((pod.limits.*amount).has_value()) return pod.limits.*amount;
  const Total total = total_of(pod, &Container::limits, amount);
  return total.said_by_all ? std::optional(total.amount) : std::nullopt;
}

// What each container keeps to is what a LimitRange may ask of each, ours included: from the smallest request to
// the largest limit. Where one container says nothing, none asks.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

Range range_of(const Pod& pod, Amount amount) {
  Range range{std::numeric_limits<std::int64_t>::max(), 0};
  bool all_requested = true;
  bool all_limited = true;
  const auto look_at = [&](const Container& container) {
    if (is_ours(container)) return;
    const auto& request = container.requests.*amount;
    const auto& limit = container.limits.*amount;
    all_requested = all_requested && request;
    all_limited = all_limited && limit;
    range.least = std::min(range.least, request.value_or(0));
    range.most = std::max(range.most, limit.value_or(0));
  };
  for (const Container& container : pod.init_containers) look_at(container);
  for (const Container& container : pod.containers) look_at(container);
  if (!all_requested) range.least = 0;
  if (!all_limited) range.most = Range().most;
  return range;
}

// What we would like, kept within what one container of this pod may have.
std::int64_t limit_of(const Pod& pod, Amount amount, std::int64_t wish) {
  const Range range = range_of(pod, amount);
  const std::int64_t most = std::min(range.most, total_limit(pod, amount).value_or(range.most));
  return std::min(std::max(wish, range.least), most);
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

// The class of a pod without requests; a request of zero counts as none.
bool is_best_effort(const Pod& pod) {
  const auto asks = [](const Amounts& amounts) {
    return amounts.cpu.value_or(0) > 0 || amounts.memory.value_or(0) > 0;
  };
  const auto container_asks = [&](const Container& c) { return !is_ours(c) && (asks(c.requests) || asks(c.limits)); };
  return !asks(pod.requests) && !asks(pod.limits) &&
         std::none_of(pod.containers.begin(), pod.containers.end(), container_asks) &&
         std::none_of(pod.init_containers.begin(), pod.init_containers.end(), container_asks);
}

// A scan with less would be killed. No container may have more than its pod as a whole.
std::int64_t least_memory_limit(const Pod& pod) {
  return std::min(kLeastMemoryLimit, pod.limits.memory.value_or(kLeastMemoryLimit));
}

}  // namespace

std::optional<Allotment> allotment_of(const Pod& pod) {
  if (is_best_effort(pod)) return std::nullopt;
  Allotment own;
  own.cpu_limit = limit_of(pod, &Amounts::cpu, kCpuLimit);
  own.memory_limit = std::max(least_memory_limit(pod), limit_of(pod, &Amounts::memory, kMemoryLimit));
  if (is_guaranteed(pod)) {
    own.cpu_request = own.cpu_limit;
    own.memory_request = own.memory_limit;
    return own;
  }
  own.cpu_request = std::min(total_request(pod, &Amounts::cpu), own.cpu_limit);
  own.memory_request = std::min(total_request(pod, &Amounts::memory), own.memory_limit);
  return own;
}

}  // namespace initscan::injector
