#include "audit/check/evaluate.h"
#include "audit/commands/commands.h"
#include "common/file_io.h"

#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

namespace initscan::audit {
namespace {

// One check as a page of text.
std::string explained(const Check& check) {
  std::string text = std::string(check.id) + ": " + std::string(check.title) + "\n\n";
  const std::pair<std::string_view, std::string_view> lines[] = {
      {"severity", to_string(check.severity)},  {"family", check.family},
      {"Pod Security Standard", check.pss},     {"CIS Docker", check.cis_docker},
      {"CIS Kubernetes", check.cis_kubernetes}, {"NSA", check.nsa},
      {"Kubescape", check.kubescape},           {"Trivy", check.trivy},
  };
  for (const auto& [name, value] : lines) {
    if (value.empty()) continue;
    std::string label(name);
    label.resize(24, ' ');
    text += "  " + label + std::string(value) + '\n';
  }
  return text + "\nWhy:    " + std::string(check.why) + "\nRemedy: " + std::string(check.remedy) + '\n';
}

std::string listed() {
  std::string text;
  std::string_view family;
  for (const Check& check : all_checks()) {
    if (check.family != family) text += (family.empty() ? "" : "\n") + std::string(check.family) + '\n';
    family = check.family;
    std::string id(check.id);
    id.resize(std::max<std::size_t>(id.size() + 1, 28), ' ');
    std::string severity(to_string(check.severity));
    severity.resize(10, ' ');
    text += "  " + id + severity + std::string(check.title) + '\n';
  }
  return text;
}

Result<ExitCode> explain(const std::string& id) {
  const Check* const check = find_check(id);
  if (!id.empty() && check == nullptr) {
    return Error{Errc::usage, "no check \"" + id + "\"; initscan-audit explain lists them"};
  }
  if (auto written = write_file("-", check == nullptr ? listed() : explained(*check)); !written) {
    return std::move(written).error().within("standard output");
  }
  return ExitCode::pass;
}

}  // namespace

void add_explain_command(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("explain", "Say what a check looks at, why, and what to change; without a check, list all");
  const auto id = std::make_shared<std::string>();
  command->add_option("check", *id, "The check's id, as in reports: writable-root")->type_name("CHECK");
  add_example(*command, "initscan-audit explain writable-root");
  command->callback([&chosen, id] { chosen = [id] { return explain(*id); }; });
}

}  // namespace initscan::audit
