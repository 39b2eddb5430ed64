#pragma once

#include <map>
#include <optional>
#include <string_view>

namespace initscan {

// The metrics of a CVSS vector by name: AV -> N. Names and values are views into the vector.
using CvssMetrics = std::map<std::string_view, std::string_view>;

/// Reads "AV:N/AC:L/...", without a head such as "CVSS:3.1/". nullopt where a field is no NAME:VALUE, or a name
/// is given twice: nobody knows which of the two is meant.
std::optional<CvssMetrics> cvss_metrics(std::string_view fields);

}  // namespace initscan
