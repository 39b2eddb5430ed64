#include "common/file_io.h"
#include "common/text/visible.h"
#include "injector/commands/commands.h"
#include "injector/commands/injector_options.h"
#include "injector/inject/manifest.h"

#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

namespace initscan::injector {
namespace {

using How = std::function<Result<InjectedManifest>(std::string_view)>;

// What cannot be changed is reported and written out as it was; everything else is still changed.
Result<ExitCode> change(const std::string& program, const std::string& path, const How& how) {
  const std::string place = path == "-" ? "standard input" : path;
  auto text = read_file(path, kMaxManifestBytes);
  if (!text) return std::move(text).error().within(place);
  auto manifest = how(*text);
  if (!manifest) return std::move(manifest).error().within(place);
  if (auto written = write_file("-", manifest->text); !written) {
    return std::move(written).error().within("standard output");
  }
  for (const InjectedObject& object : manifest->objects) {
    std::fprintf(stderr, "%s: %s\n", visible(object.name).c_str(), std::string(to_string(object.reason)).c_str());
  }
  for (const Error& failure : manifest->failures) {
    std::fprintf(stderr, "%s: error: %s: %s\n", program.c_str(), visible(place).c_str(), visible(failure.text).c_str());
  }
  return manifest->failures.empty() ? ExitCode::pass : ExitCode::undecided;
}

Result<ExitCode> inject(const std::string& program, const InjectorOptions& options, const std::string& path) {
  if (auto checked = check_options(options); !checked) return checked.error();
  const auto policy = policy_of(options);
  if (!policy) return policy.error();
  auto servers = gate_arguments(options.servers);
  if (!servers) return servers.error();
  InjectorConfig config = config_of(options, *policy);
  config.servers = std::move(*servers);
  return change(program, path, [&](std::string_view text) { return inject_manifest(text, config); });
}

}  // namespace

void add_inject_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("inject", "Put the scanner into the pods of a manifest, as the webhook would");
  struct Options : InjectorOptions {
    std::string path;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("-f,--filename", options->path, "YAML or JSON; - is standard input")
      ->required()
      ->type_name("FILE");
  add_injector_options(*command, *options);
  command->footer("Example: initscan-injector inject -f deployment.yaml | kubectl apply -f -");
  command->callback([&app, &chosen, options] {
    chosen = [&app, options] { return inject(app.get_name(), *options, options->path); };
  });
}

void add_uninject_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("uninject", "Take everything that initscan added out of a manifest");
  const auto path = std::make_shared<std::string>();
  command->add_option("-f,--filename", *path, "YAML or JSON; - is standard input")->required()->type_name("FILE");
  command->footer("Example: kubectl get deployment shop -o yaml | initscan-injector uninject -f -");
  command->callback([&app, &chosen, path] {
    chosen = [&app, path] {
      return change(app.get_name(), *path, [](std::string_view text) { return uninject_manifest(text); });
    };
  });
}

}  // namespace initscan::injector
