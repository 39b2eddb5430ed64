#pragma once

#include "common/result.h"

#include <string>

namespace initscan {

/// Sends the log of a program that runs for long to standard error, a line for each event, with its time in UTC.
/// `level`: debug, info, warning or error.
void start_log(const std::string& program, const std::string& level = "info");

/// What became of a server's new certificate, for HttpServerOptions::on_reload.
void log_reload(const Result<void>& loaded);

}  // namespace initscan
