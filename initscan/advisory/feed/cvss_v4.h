#pragma once

#include "initscan/advisory/feed/cvss_vector.h"

#include <optional>

namespace initscan {

/// The score of a CVSS v4.0 vector, 0.0 to 10.0, with every metric that it gives: version 4 knows one score, to
/// which threat and environment belong where the vector has them. nullopt where a base metric is missing, or a
/// name or a value that is not in the specification.
/// Source: first.org, CVSS v4.0 specification, sections 7 and 8.
std::optional<double> cvss_v4_score(CvssMetrics metrics);

}  // namespace initscan
