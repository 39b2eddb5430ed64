#pragma once

#include "initscan/model/sbom.h"
#include "initscan/model/verdict.h"

#include <string>
#include <vector>

namespace initscan {

/// The images' SBOMs as one CycloneDX 1.6 document with a vulnerability for each finding. `sboms` in the order
/// of verdict.images. What the policy made of a finding is in its properties.
std::string write_cyclonedx_report(const Verdict& verdict, const std::vector<Sbom>& sboms);

}  // namespace initscan
