#pragma once

#include <string>

namespace initscan {

// Why a request is not admitted: a word for metrics, and a sentence for people.
struct Objection {
  std::string reason;
  std::string sentence;
};

}  // namespace initscan
