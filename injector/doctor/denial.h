#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

namespace initscan::injector {

// Who denied a pod, and for what.
enum class Denial : std::uint8_t {
  not_injected,  // our final-state policy or webhook: initscan's containers are missing
  not_final,     // the same, or the injector itself, for something else
  not_ours       // a right, a quota, someone else's policy
};

/// Reads the Status that the API server answers with. What a policy or a webhook says reaches it as a part of the API
/// server's own sentence and in no field of its own; this is the one place that looks for it there.
/// Source: apiserver, `ValidatingAdmissionPolicy 'NAME' with binding 'NAME' denied request: TEXT` and `admission
/// webhook "NAME" denied the request: TEXT`. Our texts begin with kDenialMark.
Denial denial_of(const nlohmann::json& status);

}  // namespace initscan::injector
