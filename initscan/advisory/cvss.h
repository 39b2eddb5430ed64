#pragma once

#include "initscan/model/severity.h"

#include <optional>
#include <string_view>

namespace initscan {

/// The base score of a CVSS vector, 0.0 to 10.0: version 3.0 or 3.1 ("CVSS:3.1/AV:N/...") or version 2
/// ("AV:N/AC:L/Au:N/C:P/I:P/A:P"). nullopt for other versions and for what is no vector.
/// Source: first.org, CVSS v3.1 specification, section 7.1; CVSS v2 guide, section 3.2.1.
std::optional<double> cvss_base_score(std::string_view vector);

/// The qualitative rating of a score (CVSS v3.1, section 5); none and low are one here.
Severity severity_of_score(double score);

}  // namespace initscan
