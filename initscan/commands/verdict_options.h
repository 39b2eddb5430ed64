#pragma once

#include "common/exit_code.h"
#include "common/result.h"
#include "initscan/commands/server_options.h"
#include "initscan/pipeline.h"
#include "initscan/report/report.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace initscan {

// What `rootfs`, `sbom` and `gate` have in common on the command line.
struct ScanOptions {
  std::string index_path;
  std::string overlay_path;  // "": the one beside the index, if there is one
  std::string policy_path;
  std::string policy_inline;  // base64 of the canonical JSON
  std::string policy_sha256;
  std::string format = "table";
  std::string termination_log;                              // "": none
  std::size_t message_bytes = kMaxTerminationMessageBytes;  // that fit there, with the line for programs
  std::string seal_path;                                    // "": SBOMs need no seal
  ServerOptions servers;
};

void add_scan_options(CLI::App& command, ScanOptions& options);

/// "0=/images/0" -> {"0", "/images/0"}. Errors: usage.
Result<std::pair<std::string, std::string>> numbered(const std::string& option, const std::string& argument);

/// Scans, writes the report and the termination message. Errors also reach the termination log: whoever asks
/// the cluster why a pod does not start gets an answer.
Result<ExitCode> scan_and_report(const ScanOptions& options, std::vector<ImageSource> images);

}  // namespace initscan
