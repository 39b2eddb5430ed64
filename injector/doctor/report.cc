#include "injector/doctor/report.h"

#include "common/text/visible.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

constexpr std::size_t kStateWidth = 9;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

bool has(const std::vector<CheckItem>& items, CheckState state) {
  return std::any_of(items.begin(), items.end(), [&](const CheckItem& item) { return item.state == state; });
}

}  // namespace

std::string check_table(const std::vector<CheckItem>& items) {
  std::size_t width = 0;
  for (const CheckItem& item : items) width = std::max(width, visible(item.name).size() + 2);
  std::string table;
  for (const CheckItem& item : items) {
    const std::string advice = item.advice.empty() ? std::string() : "; " + item.advice;
    table += padded(std::string(to_string(item.state)), kStateWidth) + padded(visible(item.name), width) +
             visible(item.fact + advice) + '\n';
  }
  return table;
}

std::string check_json(const std::vector<CheckItem>& items) {
  using Json = nlohmann::ordered_json;
  const ExitCode code = check_exit_code(items);
  Json document{{"result", code == ExitCode::pass        ? "ok"
                           : code == ExitCode::undecided ? "undecided"
                                                         : "wrong"},
                {"items", Json::array()}};
  for (const CheckItem& item : items) {
    document["items"].push_back(
        {{"name", item.name}, {"state", to_string(item.state)}, {"fact", item.fact}, {"advice", item.advice}});
  }
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

ExitCode check_exit_code(const std::vector<CheckItem>& items) {
  if (has(items, CheckState::error)) return ExitCode::policy_failed;
  return has(items, CheckState::unknown) ? ExitCode::undecided : ExitCode::pass;
}

}  // namespace initscan::injector
