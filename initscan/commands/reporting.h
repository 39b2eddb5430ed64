#pragma once

#include "initscan/commands/server_options.h"
#include "initscan/pipeline.h"

#include <chrono>
#include <string>

namespace initscan {

/// Sends the verdict on each image, with its SBOM, to the server that wants to know; no longer than the options say.
/// The scan has kept its documents. Returns why not all of it arrived, in one line for people, or "".
std::string send_reports(const ServerOptions& options, Servers& servers, const Scan& scan,
                         std::chrono::sys_seconds now);

}  // namespace initscan
