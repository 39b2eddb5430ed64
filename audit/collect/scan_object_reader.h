#pragma once

#include "audit/model/scan_objects.h"

#include <optional>

#include <simdjson.h>

namespace initscan::audit {

/// Reads initscan's own objects, with the injector's reader. What is wrong with one is in its `problem`: it
/// must not take those of other namespaces with it. Nothing where an exemption is about vulnerabilities alone.
std::optional<ScanExemption> read_scan_exemption(const simdjson::dom::element& object);
ScanPolicy read_scan_policy(const simdjson::dom::element& object);

}  // namespace initscan::audit
