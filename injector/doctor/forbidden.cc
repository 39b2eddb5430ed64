#include "injector/doctor/forbidden.h"

#include "common/text/join.h"
#include "injector/doctor/rights.h"

#include <algorithm>
#include <string_view>

namespace initscan::injector {
namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_gathered(const CheckItem& item) {
  return item.state == CheckState::unknown && item.name != kOwnRights && item.lacks_right;
}

}  // namespace

Access right_to(std::string_view verb, std::string_view path) {
  Access access;
  access.verb = verb;
  const std::vector<std::string> segments = segments_of(path);
  const bool is_core = !segments.empty() && segments.front() == "api";
  std::size_t at = is_core ? 2 : 3;  // "api/v1", "apis/GROUP/VERSION"
  if (!is_core && segments.size() > 1) access.group = segments[1];
  if (segments.size() > at + 2 && segments[at] == "namespaces") {  // otherwise it is the resource
    access.namespace_ = segments[at + 1];
    at += 2;
  }
  if (segments.size() > at) access.resource = segments[at];
  return access;
}

std::string in_few_words(const Failure& failure) {
  return failure.missing_right ? "you may not " + to_string(*failure.missing_right) : failure.text;
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
  own->advice = "ask someone who may";
  std::erase_if(items, is_gathered);
  return items;
}

}  // namespace initscan::injector
