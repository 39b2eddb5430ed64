#include "injector/certificates/plan.h"

namespace initscan::injector {
namespace {

constexpr std::string_view kCommonName = "initscan webhook authority";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";

bool is_good(const KeyPair& pair, std::chrono::sys_seconds now) {
  const auto validity = validity_of(pair.certificate);
  return validity && now < validity->end && !pair.key.empty();
}

bool is_due(const KeyPair& pair, std::chrono::sys_seconds now) {
  const auto validity = validity_of(pair.certificate);
  return !validity || now >= validity->renewal();
}

bool has_settled(const KeyPair& pair, std::chrono::sys_seconds now, const TlsLives& lives) {
  const auto validity = validity_of(pair.certificate);
  return validity && now >= validity->begin + std::chrono::hours(1) + lives.settle;  // it begins an hour early
}

// Those of `bundle` that are still valid, without repetition, after those that must be in it.
std::string bundle_of(const TlsState& state, std::chrono::sys_seconds now) {
  std::string bundle = state.authority.certificate + state.next.certificate;
  std::string_view rest = state.bundle;
  while (!rest.empty()) {
    const std::size_t end = rest.find(kEnd);
    if (end == rest.npos) break;
    const std::string one(rest.substr(0, end + kEnd.size()));
    rest.remove_prefix(one.size());
    const auto validity = validity_of(one);
    if (validity && now < validity->end && bundle.find(one) == bundle.npos) bundle += one;
  }
  return bundle;
}

}  // namespace

Result<TlsState> plan(TlsState state, const std::vector<std::string>& names, std::chrono::sys_seconds now,
                      const TlsLives& lives) {
  if (!is_good(state.next, now)) state.next = {};
  if (!is_good(state.authority, now)) {
    auto made = make_authority(kCommonName, now, lives.authority);
    if (!made) return made.error();
    state.authority = std::move(*made);
    state.next = {};
  } else if (!state.next.key.empty() && has_settled(state.next, now, lives)) {
    state.authority = std::exchange(state.next, {});
    state.leaf = {};
  } else if (state.next.key.empty() && is_due(state.authority, now)) {
    auto made = make_authority(kCommonName, now, lives.authority);
    if (!made) return made.error();
    state.next = std::move(*made);
  }
  state.bundle = bundle_of(state, now);

  const bool is_leaf_good =
      is_good(state.leaf, now) && !is_due(state.leaf, now) && is_issued_by(state.leaf.certificate, state.bundle, names);
  if (!is_leaf_good) {
    auto leaf = issue_leaf(state.authority, names, now, lives.leaf);
    if (!leaf) return leaf.error();
    state.leaf = std::move(*leaf);
  }
  return state;
}

}  // namespace initscan::injector
