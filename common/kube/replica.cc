#include "common/kube/replica.h"

#include <array>
#include <random>

#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxHostName = 256;

}  // namespace

std::string replica_identity() {
  std::array<char, kMaxHostName> host{};
  const bool has_name = gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0';
  return (has_name ? std::string(host.data()) : "unnamed") + '_' + std::to_string(std::random_device{}());
}

}  // namespace initscan
