#pragma once

#include "common/result.h"
#include "initscan/model/package.h"

#include <string_view>
#include <vector>

namespace initscan {

/// Reads the list of packages that distroless images of Azure Linux have in place of rpm's database.
///
/// Grammar: a line for each package, its fields separated by tabs: NAME, VERSION-RELEASE, INSTALLTIME, BUILDTIME,
///          VENDOR, EPOCH, SIZE, ARCH, EPOCHNUM, SOURCERPM; "(none)" where there is none.
/// Source:  microsoft/azurelinux, toolkit/docs/how_it_works/5_misc.md, "container-manifest-2"; rpm-queryformat(7).
/// Units:   line numbers in errors count from 1.
/// Errors:  malformed - another number of fields, an epoch that is no number, and those of package_of_rpm();
///          truncated - no line break at the end; over_limit - kMaxPackages, a field that is longer than any.
/// The packages before an error are in `packages` all the same. `text` is attacker-controlled.
Result<void> parse_rpm_manifest(std::string_view text, std::string_view path, std::vector<Package>& packages);

}  // namespace initscan
