#pragma once

#include "audit/check/pss/standard.h"

#include <string_view>

namespace initscan::audit::pss {

// What the level baseline allows.

bool is_default_capability(std::string_view name);
bool is_safe_sysctl(std::string_view name, PssVersion version);
bool is_confined_selinux_type(std::string_view type, PssVersion version);

}  // namespace initscan::audit::pss
