#pragma once

#include "common/result.h"
#include "initscan/registry/manifest.h"
#include "initscan/registry/registry_program.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan {

/// Keeps in a folder what an image with one layer is made of: one image for each architecture, and a list of them where
/// there are several. It has no tag yet. Errors: io, refused, with the path.
Result<PushedImage> keep_image(ImageFacts facts, const std::vector<std::string>& architectures, std::string_view layer,
                               const std::string& folder);

}  // namespace initscan
