#include "common/cli/log.h"

#include "common/text/visible.h"

#include <csignal>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace initscan {

void start_log(const std::string& program, const std::string& level) {
  std::signal(SIGPIPE, SIG_IGN);  // a log that nobody reads any more ends nothing
  spdlog::set_default_logger(spdlog::stderr_logger_mt(program));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(level));
}

void log_reload(const Result<void>& loaded) {
  if (loaded) {
    spdlog::info("certificate reloaded");
  } else {
    spdlog::error("certificate not reloaded, the previous one stays: {}", visible(loaded.error().text));
  }
}

}  // namespace initscan
