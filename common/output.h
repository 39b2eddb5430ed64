#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan {

/// Opens a file for writing in place: a regular file is created or emptied, a device or a FIFO is written to as it is.
/// Never waits. Errors (without the path): io - also for a FIFO without a reader, and a folder.
Result<Descriptor> open_output(const std::string& path);

/// Writes all of it. Waits for a reader that lags, but no longer than kMaxOutputWait at a time. Errors: io.
Result<void> write_output(int fd, std::string_view bytes);

inline constexpr int kMaxOutputWait = 10'000;  // milliseconds

}  // namespace initscan
