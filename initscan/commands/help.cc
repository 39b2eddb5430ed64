#include "common/text/join.h"
#include "initscan/commands/commands.h"
#include "initscan/policy/evidence.h"
#include "initscan/report/meanings.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr std::size_t kColumns = 80;

// Breaks sentences between words, each line after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = kColumns;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool fits = column + 1 + word.size() <= kColumns;
    if (fits) {
      out += ' ';
    } else {
      out += (out.empty() ? "" : "\n") + std::string(indent, ' ');
      column = indent;
    }
    out += word;
    column += word.size() + (fits ? 1 : 0);
  }
  return out + '\n';
}

std::string key_of(const Meaning& meaning) {
  if (meaning.key.empty()) return {};
  std::string text = "Policy key\n  " + std::string(meaning.key);
  // Of the others the key is not a choice between deny, warn and allow.
  if (meaning.reason && meaning.key.starts_with("on")) {
    text += " (" + std::string(to_string(reaction_to(Policy{}, *meaning.reason))) + " where a policy says nothing)";
  }
  return '\n' + text + '\n';
}

void explain(const Meaning& meaning) {
  std::string text = std::string(meaning.id) + ": " + std::string(meaning.title) + "\n\nWhat it means\n";
  text += wrapped(meaning.meaning, 2) + "\nWhat to do\n" + wrapped(meaning.action, 2) + key_of(meaning);
  std::fputs(text.c_str(), stdout);
}

std::string_view heading_of(MeaningKind kind) {
  switch (kind) {
    case MeaningKind::verdict: return "Verdicts";
    case MeaningKind::status: return "Status of a finding";
    case MeaningKind::reason: return "Reasons";
  }
  return {};
}

void list_all() {
  std::size_t width = 0;
  for (const Meaning& meaning : all_meanings()) width = std::max(width, meaning.id.size());
  std::string text = "`initscan help ID` explains an id that a report names; `initscan --help` lists the commands.\n";
  const Meaning* before = nullptr;
  for (const Meaning& meaning : all_meanings()) {
    if (before == nullptr || before->kind != meaning.kind) text += '\n' + std::string(heading_of(meaning.kind)) + '\n';
    text += "  " + std::string(meaning.id) + std::string(width - meaning.id.size() + 2, ' ');
    text += std::string(meaning.title) + '\n';
    before = &meaning;
  }
  std::fputs(text.c_str(), stdout);
}

Result<ExitCode> help(const CLI::App& app, const std::string& word) {
  if (word.empty()) {
    list_all();
    return ExitCode::pass;
  }
  if (const Meaning* const meaning = meaning_of(word)) {
    explain(*meaning);
    return ExitCode::pass;
  }
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() != word) continue;
    std::fputs(command->help(app.get_name()).c_str(), stdout);
    return ExitCode::pass;
  }
  const std::string near = join(ids_near(word));
  return Error{Errc::usage, "help: there is no id \"" + word + "\"; " +
                                (near.empty() ? "`initscan help` lists them" : "did you mean " + near + '?')};
}

}  // namespace

void add_help_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("help", "Say what an id of a report means and what to do; without one, list them");
  const auto word = std::make_shared<std::string>();
  command->add_option("ID", *word, "From brackets, STATUS or \"reasons\", such as no-data; or a command");
  add_example(*command, "initscan help no-data");
  command->callback([&app, &chosen, word] { chosen = [&app, word] { return help(app, *word); }; });
}

}  // namespace initscan
