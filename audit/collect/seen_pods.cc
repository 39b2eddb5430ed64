#include "audit/collect/seen_pods.h"

#include "common/text/ascii.h"

#include <optional>

namespace initscan::audit {
namespace {

// "e2c871d9-2956-4af6-af43-2ac6c3bdb2bb"
std::optional<std::array<std::uint64_t, 2>> uuid_of(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<std::uint64_t, 2> bits{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    if (!is_digit(c) && !(c >= 'a' && c <= 'f')) return std::nullopt;
    std::uint64_t& half = bits[digits++ / 16];
    half = half << 4 | static_cast<std::uint64_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return bits;
}

}  // namespace

bool SeenPods::add(const Pod& pod) {
  if (const auto uuid = uuid_of(pod.uid)) return uids_.insert(*uuid).second;
  return others_.insert(pod.uid.empty() ? pod.namespace_ + '/' + pod.name : pod.uid).second;
}

}  // namespace initscan::audit
