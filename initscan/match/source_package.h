#pragma once

#include "initscan/model/package.h"

#include <string>
#include <vector>

namespace initscan {

// A source package as advisories speak of it.
struct SourcePackage {
  std::string name;
  std::string version;  // "": it cannot be told from the installed one's

  bool operator==(const SourcePackage&) const = default;
};

/// The packages whose vulnerabilities an installed package has, with the name by which advisories are looked up, first
/// the one that says most of it: the installed one, where advisories name what is installed, and the source that it was
/// built from, where they name that.
/// Of what Debian signs for secure boot it is also the source that was signed, which has another name and writes its
/// version otherwise:
///
///   linux-signed-amd64 6.1.115+1               linux 6.1.115-1
///   grub-efi-amd64-signed 1+2.06+13+deb12u1    grub2 2.06-13+deb12u1
///   shim-signed 1.44~1+deb12u1, installed as 1.44~1+deb12u1+15.8-1~deb12u1    shim 15.8-1~deb12u1
///
/// A rebuild of the same source (1.2-1+b3) is that source (1.2-1).
/// Source: wiki.debian.org/SecureBoot; the changelogs of these packages.
std::vector<SourcePackage> source_packages_of(const Package& package);

}  // namespace initscan
