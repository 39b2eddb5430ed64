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
/// it stands; the source package comes from our properties, from trivy's, or from the qualifier `upstream`. Other software
/// goes into Coverage::unmatched and is counted in Coverage::unsupported. What a document says of its own gaps, what in
/// it contradicts itself (two operating systems, a purl of another release or version) and properties of ours that are
/// not understood go into Coverage::incomplete. The coverage of another writer is not stated.
/// Errors: malformed - not JSON, not CycloneDX, a key twice, a text or number that is none, a package without a name or
///         version; over_limit; unsupported - not CycloneDX 1.x.
/// `json` is attacker-controlled.
Result<Sbom> read_cyclonedx(std::string_view json);

}  // namespace initscan
