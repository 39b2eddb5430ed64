#include "audit/check/pss/setters.h"

#include "common/text/join.h"

#include <algorithm>

namespace initscan::audit::pss {
namespace {

void add_once(std::vector<std::string>& list, std::string_view text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.emplace_back(text);
}

}  // namespace

void Setters::who(std::string_view text) {
  add_once(who_, text);
}

void Setters::what(std::string_view text) {
  add_once(what_, text);
}

std::string Setters::sentence(std::string_view verb) const {
  if (who_.empty()) return {};
  return join(who_) + ": " + std::string(verb) + (what_.empty() ? "" : " ") + join(what_);
}

bool is_valid_profile(std::string_view type) {
  return type == "RuntimeDefault" || type == "Localhost";
}

}  // namespace initscan::audit::pss
