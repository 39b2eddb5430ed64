#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace initscan::injector {

// unknown: it could not be found out, which is never "ok".
enum class CheckState : std::uint8_t { ok, warning, error, unknown };

constexpr std::string_view to_string(CheckState state) {
  switch (state) {
    case CheckState::ok: return "ok";
    case CheckState::warning: return "warning";
    case CheckState::error: return "error";
    default: return "unknown";
  }
}

// One thing that was looked at: what was found, and what to do about it.
struct CheckItem {
  std::string name;
  CheckState state = CheckState::unknown;
  std::string fact;
  std::string advice;        // "" where nothing is to be done
  bool lacks_right = false;  // it is unknown because a right to read it is missing

  static CheckItem ok(std::string name, std::string fact) {
    return {std::move(name), CheckState::ok, std::move(fact), {}};
  }
  static CheckItem warning(std::string name, std::string fact, std::string advice) {
    return {std::move(name), CheckState::warning, std::move(fact), std::move(advice)};
  }
  static CheckItem error(std::string name, std::string fact, std::string advice) {
    return {std::move(name), CheckState::error, std::move(fact), std::move(advice)};
  }
  static CheckItem unknown(std::string name, std::string fact, std::string advice) {
    return {std::move(name), CheckState::unknown, std::move(fact), std::move(advice)};
  }
};

}  // namespace initscan::injector
