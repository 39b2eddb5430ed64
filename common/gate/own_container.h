#pragma once

#include "common/gate/pod_shape.h"

#include <string>

namespace initscan {

bool is_collector(const ContainerShape& container);

/// "0" of "initscan-collect-0"; "" where that is no number.
std::string number_of(const ContainerShape& collector);

/// Where the collector of an image writes, and the gate reads.
std::string sbom_file_of(const std::string& number);

bool has_mount_of(const ContainerShape& container, std::string_view volume);

/// "initscan-gate: its index is not the injector's".
std::string of_container(const ContainerShape& container, std::string_view what);

/// What of one of initscan's containers is not as the injector makes it; of the gate all but its arguments, which
/// only the pod explains. "" where there is nothing.
std::string container_problem(const ContainerShape& container);

}  // namespace initscan
