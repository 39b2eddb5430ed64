#include "common/gate/gate_arguments.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/gate/server_arguments.h"
#include "common/names.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

// Of "--image=0=example/shop:1" what is before the first sign, and what is behind it.
std::pair<std::string, std::string> parts_of(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  return {std::string(text.substr(0, equals)), std::string(text.substr(std::min(equals + 1, text.size())))};
}

GateArguments::Values* numbered_by(const std::string& option, GateArguments& args) {
  if (option == "--image") return &args.images;
  if (option == "--rootfs") return &args.folders;
  return option == "--sbom" ? &args.sboms : nullptr;
}

}  // namespace

std::string_view GateArguments::option(std::string_view name) const {
  const auto found = others.find(name);
  return found == others.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<GateArguments> read_gate_arguments(const std::vector<std::string>& args) {
  if (args.empty() || args.front() != "gate") return std::nullopt;
  GateArguments read;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const auto [option, value] = parts_of(args[i]);
    GateArguments::Values* const numbered = numbered_by(option, read);
    if (numbered != nullptr && value.find('=') == value.npos) return std::nullopt;
    const bool is_new =
        numbered == nullptr ? read.others.emplace(option, value).second : numbered->insert(parts_of(value)).second;
    if (!is_new) return std::nullopt;
  }
  return read;
}

bool has_only_own_options(const GateArguments& args) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kFixed{
      {{"--db", names::kIndexFile},
       {"--seal", names::kGateNonce},
       {"--termination-log", names::kTerminationLog},
       {"--server-token", names::kServerTokenFile}}};
  return std::all_of(args.others.begin(), args.others.end(), [&](const auto& option) {
    if (option.first == "--policy-inline" || option.first == "--policy-sha256") return true;
    if (option.first == "--server-ca-inline") return !option.second.empty();
    if (option.first == "--report-to" || option.first == "--server") return option.second.starts_with("https://");
    return std::any_of(kFixed.begin(), kFixed.end(),
                       [&](const auto& fixed) { return option.first == fixed.first && option.second == fixed.second; });
  });
}

bool has_its_policy(const GateArguments& args) {
  const auto policy = base64_decode(args.option("--policy-inline"));
  return policy && !policy->empty() && sha256_hex(*policy) == args.option("--policy-sha256");
}

}  // namespace initscan
