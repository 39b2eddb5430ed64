#pragma once

#include "common/result.h"
#include "initscan/model/image_files.h"

#include <memory>
#include <string>
#include <vector>

namespace initscan {

/// "rootfs:/images/0" for an image that is unpacked below a folder.
std::string rootfs_reference(const std::string& folder);

/// Opens an image by a reference: the kind of its source, a colon, and where it is. There is
///   rootfs:DIR    unpacked below a folder
/// Errors: unsupported - of another kind, or nothing that reads it is there; io.
Result<std::unique_ptr<ImageFiles>> open_image(const std::string& reference);

/// The files and folders that a process has to be able to read to open it and look into it. Errors: unsupported.
Result<std::vector<std::string>> paths_of_image(const std::string& reference);

}  // namespace initscan
