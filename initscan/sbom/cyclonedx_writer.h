#pragma once

#include "common/json/writer.h"
#include "initscan/model/sbom.h"

#include <string>
#include <string_view>

namespace initscan {

/// The SBOM as one line of CycloneDX 1.6 JSON: read_cyclonedx() gives an equal Sbom back. What CycloneDX has
/// no place for travels as properties named initscan:*. Same input, same bytes.
std::string write_cyclonedx(const Sbom& sbom);

// The parts, for reports that add to the document. `prefix` makes bom-refs of several images distinct.
void write_components(JsonWriter& json, const Sbom& sbom, std::string_view prefix);
std::string package_ref(std::string_view prefix, std::size_t number);

}  // namespace initscan
