#pragma once

#include "common/result.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxSbomBytes = 256 << 20;
inline constexpr std::size_t kMaxComponents = 1'000'000;
inline constexpr std::size_t kMaxComponentDepth = 16;  // components inside components

/// Reads CycloneDX JSON of any writer: ours, trivy's, syft's, cdxgen's. A package is a component with a purl, wherever
/// it stands; for its source package see PackageSource. Other software goes into Coverage::unmatched and is counted in
/// Coverage::unsupported. What a document says of its own gaps, what in it contradicts itself (two operating systems, a
/// purl of another release or version), parts that cannot be read, packages without a word on their source and
/// properties of ours that are not understood go into Coverage::incomplete. The coverage of another writer is not
/// stated. Errors: malformed - not JSON, not CycloneDX; over_limit; unsupported - not CycloneDX 1.x. `json` is
/// attacker-controlled.
Result<Sbom> read_cyclonedx(std::string_view json);

}  // namespace initscan
