#include "injector/doctor/forbidden.h"

#include "common/text/join.h"
#include "injector/doctor/rights.h"

#include <algorithm>
#include <string_view>

namespace initscan {
namespace {

// What stands between two words, from `start` on; "" where they do not come.
std::string between(const std::string& text, std::string_view start, std::string_view end) {
  const std::size_t at = text.find(start);
  if (at == text.npos) return {};
  const std::size_t from = at + start.size();
  const std::size_t to = text.find(end, from);
  return to == text.npos ? std::string() : text.substr(from, to - from);
}

bool is_gathered(const CheckItem& item) {
  return item.state == CheckState::unknown && item.name != kOwnRights && is_forbidden(item.fact);
}

}  // namespace

// Not every 403 is one: quotas and admission use it, too.
// Source: apiserver, responsewriters: `User "jane" cannot get resource "pods" in API group "" in the namespace "shop"`.
bool is_forbidden(const std::string& failure) {
  return failure.find(": 403") != failure.npos && failure.find("\" cannot ") != failure.npos &&
         failure.find(" resource \"") != failure.npos;
}

std::string in_few_words(const std::string& failure) {
  const std::string verb = between(failure, "\" cannot ", " resource \"");
  const std::string resource = between(failure, " resource \"", "\"");
  if (!is_forbidden(failure) || verb.empty() || resource.empty()) return failure;
  const std::string group = between(failure, " in API group \"", "\"");
  const std::string space = between(failure, " in the namespace \"", "\"");
  return "you may not " + verb + ' ' + resource + (group.empty() ? "" : '.' + group) +
         (space.empty() ? "" : " in " + space);
}

std::vector<CheckItem> with_refusals_gathered(std::vector<CheckItem> items) {
  const auto own = std::find_if(items.begin(), items.end(), [](const CheckItem& item) {
    return item.name == kOwnRights && item.state == CheckState::unknown;
  });
  if (own == items.end()) return items;
  std::vector<std::string> names;
  for (const CheckItem& item : items) {
    const bool is_new = std::find(names.begin(), names.end(), item.name) == names.end();
    if (is_gathered(item) && is_new) names.push_back(item.name);
  }
  if (names.empty()) return items;
  own->fact += "; not known for that: " + join(names);
  own->advice = "ask somebody who may";
  std::erase_if(items, is_gathered);
  return items;
}

}  // namespace initscan
