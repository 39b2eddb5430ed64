#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

// What a client may do.
enum class Scope : std::uint8_t {
  scan,     // have an SBOM matched, and judged
  report,   // say what a scan came to
  index,    // fetch the index of advisories
  read,     // see what was reported
  metrics,  // scrape the server
  audit,    // say what an audit of the cluster found
};

inline constexpr std::array kScopes{Scope::scan, Scope::report,  Scope::index,
                                    Scope::read, Scope::metrics, Scope::audit};

constexpr std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::scan: return "scan";
    case Scope::report: return "report";
    case Scope::index: return "index";
    case Scope::read: return "read";
    case Scope::metrics: return "metrics";
    case Scope::audit: return "audit";
  }
  return "scan";
}

constexpr std::optional<Scope> scope_from(std::string_view name) {
  for (const Scope scope : kScopes) {
    if (to_string(scope) == name) return scope;
  }
  return std::nullopt;
}

class Scopes {
 public:
  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  constexpr bool have(Scope scope) const { return (bits_ & bit(scope)) != 0; }

  bool operator==(const Scopes&) const = default;

 private:
  static constexpr unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }

  unsigned bits_ = 0;
};

// Who asks, as a token proves it: never as a body says it.
struct Identity {
  std::string name;  // of a static token, or of the cluster's user
  Scopes scopes;
  std::string namespace_;  // this and what follows: of a pod's token; "" of others
  std::string pod;
  std::string pod_uid;
  std::string node;
  std::vector<std::string> groups;  // of the cluster

  bool operator==(const Identity&) const = default;
};

}  // namespace initscan::server
