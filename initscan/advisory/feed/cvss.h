#pragma once

#include "initscan/model/severity.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace initscan {

struct CvssScore {
  double score = 0;  // 0.0 to 10.0
  bool is_version_2 = false;
};

/// The score of a CVSS vector: the base score of version 3.0 or 3.1 ("CVSS:3.1/AV:N/...") and version 2
/// ("AV:N/AC:L/Au:N/C:P/I:P/A:P"), the score of version 4.0 ("CVSS:4.0/AV:N/..."). nullopt for other versions and
/// for what is no vector.
/// Source: first.org, CVSS v3.1 specification, section 7.1; CVSS v2 guide, section 3.2.1; CVSS v4.0, section 8.
std::optional<CvssScore> cvss_score(std::string_view vector);

// What several vectors of one vulnerability come to: the highest score of versions 3 and 4, which different people
// may have given; version 2, which both replace, counts only where there is no other.
class CvssRating {
 public:
  void add(std::string_view vector);

  double score() const { return newer_ >= 0 ? newer_ : version_2_; }  // negative: none
  std::size_t unreadable() const { return unreadable_; }              // what was added and is no vector

 private:
  double newer_ = -1;
  double version_2_ = -1;
  std::size_t unreadable_ = 0;
};

/// The qualitative rating of a score (CVSS v3.1, section 5; v4.0, section 6); "none", 0.0, is negligible here.
Severity severity_of_score(double score);

}  // namespace initscan
