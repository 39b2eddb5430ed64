#include "injector/doctor/report.h"

#include "common/json/writer.h"
#include "common/text/visible.h"

#include <algorithm>

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
  const ExitCode code = check_exit_code(items);
  JsonWriter json(2);
  json.begin_object();
  json.field("result", code == ExitCode::pass ? "ok" : code == ExitCode::undecided ? "undecided" : "wrong");
  json.key("items").begin_array();
  for (const CheckItem& item : items) {
    json.begin_object().field("name", item.name).field("state", to_string(item.state));
    json.field("fact", item.fact).field("advice", item.advice).end_object();
  }
  return json.end_array().end_object().take() + '\n';
}

ExitCode check_exit_code(const std::vector<CheckItem>& items) {
  if (has(items, CheckState::error)) return ExitCode::policy_failed;
  return has(items, CheckState::unknown) ? ExitCode::undecided : ExitCode::pass;
}

}  // namespace initscan::injector
