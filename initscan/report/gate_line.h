#pragma once

#include "initscan/model/gate_line.h"
#include "initscan/model/verdict.h"

#include <chrono>
#include <string>

namespace initscan {

/// What a verdict is to programs. The SBOM's hash is that of the one image; of several, the SHA-256 of theirs, each
/// with a line end, in their order.
GateLine gate_line_of(const Verdict& verdict, std::chrono::milliseconds took);

/// "initscan/1 verdict=fail critical=1/1 ... unknown=0/0 index=2026-11-27T00:00:00Z sbom=sha256:... ms=12\n": findings
/// and how many of them can be fixed. At most kMaxGateLineBytes: where the rest is too long for it, the hash is left
/// out.
std::string write_gate_line(const GateLine& line);

}  // namespace initscan
