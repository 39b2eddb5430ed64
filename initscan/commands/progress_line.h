#pragma once

#include "initscan/fetch/fetch_line.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace initscan {

// On a terminal, one line that is written over: how far downloads are.
class ProgressLine {
 public:
  /// `what`: of which there are so many, as "feeds".
  ProgressLine(std::size_t files, const char* what);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(const FetchLine& line);

 private:
  const std::size_t files_;
  const char* const what_;
  const bool is_terminal_;
  bool is_shown_ = false;
  std::size_t done_ = 0;
  std::map<std::string, std::uint64_t> under_way_;
  std::map<std::string, std::uint64_t> totals_;
};

}  // namespace initscan
