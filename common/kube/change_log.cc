#include "common/kube/change_log.h"

#include "common/text/visible.h"

#include <spdlog/spdlog.h>

namespace initscan {
namespace {

std::string text_of(const Result<void>& done) {
  return done ? std::string() : done.error().text;
}

}  // namespace

void ChangeLog::tell(std::string_view what, const Result<void>& done) {
  const std::string error = text_of(done);
  std::string& last = last_errors_[std::string(what)];
  if (error == last) return;
  error.empty() ? spdlog::info("{}: works again", what) : spdlog::error("{}: {}", what, visible(error));
  last = error;
}

void ChangeLog::tell_contact(std::string_view resource, const Result<void>& state) {
  const std::string error = text_of(state);
  const auto [last, is_first] = last_errors_.try_emplace(std::string(resource), error);
  if (!is_first && error == last->second) return;
  if (error.empty()) {
    spdlog::info("watching resource={}", resource);
  } else {
    spdlog::warn("not watching resource={}, what is known about it stays in use: {}", resource, visible(error));
  }
  last->second = error;
}

bool ChangeLog::is_failing(std::string_view what) const {
  const auto last = last_errors_.find(what);
  return last != last_errors_.end() && !last->second.empty();
}

}  // namespace initscan
