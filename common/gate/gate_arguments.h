#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What the arguments of a gate say, each once.
struct GateArguments {
  using Values = std::map<std::string, std::string, std::less<>>;

  Values images;   // by number
  Values folders;  // the same: where --rootfs points to
  Values sboms;    // the same: where --sbom points to
  Values others;   // by option

  /// "" of an option that is not given.
  std::string_view option(std::string_view name) const;
};

/// nullopt where they are not those of a gate, or say something twice.
std::optional<GateArguments> read_gate_arguments(const std::vector<std::string>& args);

/// Whether each option is one that the injector gives, with the value that it gives it; of servers their kind alone.
bool has_only_own_options(const GateArguments& args);

/// Whether there is a policy, and it is the one that the hash tells of.
bool has_its_policy(const GateArguments& args);

}  // namespace initscan
