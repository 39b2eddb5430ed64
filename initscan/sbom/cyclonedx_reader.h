#pragma once

#include "common/result.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxSbomBytes = 256 << 20;
inline constexpr std::size_t kMaxComponents = 1'000'000;
inline constexpr std::size_t kMaxComponentDepth = 16;  // components inside components

/// Reads CycloneDX JSON of any writer: ours, trivy's, syft's, cdxgen's. A package is a component with a purl;
/// the source package comes from our properties, from trivy's, or from the qualifier `upstream`. Components
/// with purls of ecosystems that are not matched are counted in Coverage::unsupported. The coverage of
/// another writer is not known and stays at zero.
/// Errors: malformed - not JSON, not CycloneDX, a component without a name or version where it has a purl
///         that is matched; over_limit.
/// `json` is attacker-controlled.
Result<Sbom> read_cyclonedx(std::string_view json);

}  // namespace initscan
