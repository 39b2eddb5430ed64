#pragma once

#include "common/result.h"
#include "initscan/fetch/download.h"
#include "initscan/fetch/fetch_line.h"

#include <mutex>
#include <string>

namespace initscan {

// Says on standard output what becomes of files, to whoever reads it by run_line_program(). From any thread.
class LineSpeaker {
 public:
  void say(const FetchLine& line);
  void say_failed(const std::string& name, const Error& error);

  /// Says how far one file is, now and then.
  FetchProgress progress_of(const std::string& name);

 private:
  std::mutex mutex_;
};

/// Ends this process with its parent: whoever started it has to see what comes of it. Errors: io.
Result<void> end_with_parent();

}  // namespace initscan
