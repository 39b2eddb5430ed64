#pragma once

#include "common/descriptor.h"
#include "common/result.h"
#include "initscan/model/file_view.h"

#include <functional>
#include <memory>
#include <string>

#include <sys/stat.h>

namespace initscan {

// How files of an image are opened so that opening one does nothing: a device can act, and a FIFO tells its other end.

/// Opens what was looked at by its path once more, with these flags. Where no /proc of the kernel's own is mounted (a
/// bare chroot) there is no other way.
using OpenAgain = std::function<Descriptor(int flags)>;

/// The regular file that `place` (O_PATH) is of, open for reading: what was looked at, and nothing that took its place.
/// `own_files`: own_open_files(). Errors: io; unsupported - not a regular file, or one of a pseudo file system.
Result<std::unique_ptr<FileView>> open_file(int own_files, const Descriptor& place, const OpenAgain& again);

/// The folder that `place` is of, open for reading. Errors: as open_file().
Result<Descriptor> open_folder(const Descriptor& place);

}  // namespace initscan
