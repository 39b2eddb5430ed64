#pragma once

#include <string>
#include <string_view>

namespace initscan {

/// The release of a distribution that a build of an rpm package is for, as OSV calls it, from the mark in the build's
/// own release: "Amazon:2023" of "16.amzn2023.0.1", "Fedora:40" of "1.fc40", "Photon OS:4.0" of "4.ph4". "" for a mark
/// that is none of these: no feed that names builds says their distribution otherwise.
std::string ecosystem_of_build(std::string_view release);

}  // namespace initscan
