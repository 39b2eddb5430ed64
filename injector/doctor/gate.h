#pragma once

#include "injector/inject/config.h"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

// What an injected pod says of the configuration that it was injected with.
struct GateFacts {
  InjectorConfig config;
  std::string policy_sha256;
  std::string error;  // why the gate's own arguments cannot be read; ""
};

/// Reads it off the container initscan-gate, over what `base` says; nullopt where a pod has none. Nothing is trusted
/// that way: it is for people, and for asking whether the injector would make the same pod again.
std::optional<GateFacts> gate_facts_of(const nlohmann::json& pod, InjectorConfig base = {});

}  // namespace initscan::injector
