#pragma once

#include <string>
#include <string_view>

namespace initscan {

/// What OSV would call the release of Red Hat Enterprise Linux that a product is, or is built for: "Red Hat:8" of
/// "cpe:/o:redhat:rhel_eus:8.6::baseos", "Red Hat:9" of "cpe:/a:redhat:openshift:4.16::el9"; "Red Hat" where its CPE
/// does not say one, "" of another vendor's.
std::string redhat_ecosystem(std::string_view cpe);

/// Whether a CPE names an operating system, whose components are packages.
bool is_operating_system(std::string_view cpe);

}  // namespace initscan
