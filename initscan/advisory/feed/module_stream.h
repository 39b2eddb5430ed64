#pragma once

#include "initscan/model/advisory.h"

#include <string>
#include <string_view>

namespace initscan {

/// Whether a version is that of a package built for a module: "1:16.17.1-1.module+el8.6.0+16848+a483195a", or
/// "0.9.1-2.module_el8.4.0+2542+98ba1d8a" as AlmaLinux has it.
bool is_modular_version(std::string_view version);

/// Whether any fix of a package is a version of that kind.
bool has_modular_version(const AffectedPackage& affected);

/// The module and its stream that the heading of an erratum names first: "nodejs:16" of "Moderate: nodejs:16 security
/// update". "" where it names none.
std::string stream_in(std::string_view heading);

}  // namespace initscan
