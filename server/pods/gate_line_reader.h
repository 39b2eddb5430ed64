#pragma once

#include "initscan/model/gate_line.h"

#include <optional>
#include <string_view>

namespace initscan::server {

/// The line for programs that a gate's termination message starts with, or nullopt where there is none.
///
/// Grammar: "initscan/1 verdict=V", then in this order, each after one space: enforcement=report and reason=ID where
/// there are, critical=N/F, high, medium, low, negligible, unknown, index=DATE and sbom=sha256:HEX where there are,
/// ms=N; one line end. N and F are at most six digits without needless zeros (eight of the
/// milliseconds), F is at most N; a reason stands beside
/// `undecided` alone. Nothing else is such a line: neither one that is cut short nor one with a word more.
/// Source:  docs/users/reasons.md; report/gate_line.cc writes it.
/// Never throws on bad input; whoever may write a pod's status may have written `message`.
std::optional<GateLine> read_gate_line(std::string_view message);

}  // namespace initscan::server
