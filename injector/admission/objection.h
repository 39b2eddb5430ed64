#pragma once

#include "injector/inject/reason.h"

#include <string>

namespace initscan::injector {

// Why a request is not admitted, and a sentence for people.
struct Objection {
  Reason reason;
  std::string sentence;
};

}  // namespace initscan::injector
