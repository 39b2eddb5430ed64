#include "common/file_io.h"
#include "injector/commands.h"
#include "injector/manifest.h"
#include "injector/options.h"

#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

Result<ExitCode> change(const std::string& path, const std::function<Result<InjectedManifest>(std::string_view)>& how) {
  const std::string place = path == "-" ? "standard input" : path;
  auto text = read_file(path, kMaxManifestBytes);
  if (!text) return std::move(text).error().within(place);
  auto manifest = how(*text);
  if (!manifest) return std::move(manifest).error().within(place);
  if (auto written = write_file("-", manifest->text); !written) {
    return std::move(written).error().within("standard output");
  }
  for (const InjectedObject& object : manifest->objects) {
    std::fprintf(stderr, "%s: %s\n", object.name.c_str(), object.reason.c_str());
  }
  return ExitCode::pass;
}

Result<ExitCode> inject(const InjectorOptions& options, const std::string& path) {
  const auto policy = policy_of(options);
  if (!policy) return policy.error();
  const InjectorConfig config = config_of(options, *policy);
  return change(path, [&](std::string_view text) { return inject_manifest(text, config); });
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
  command->callback([&chosen, options] { chosen = [options] { return inject(*options, options->path); }; });
}

void add_uninject_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("uninject", "Take everything of initscan out of a manifest");
  const auto path = std::make_shared<std::string>();
  command->add_option("-f,--filename", *path, "YAML or JSON; - is standard input")->required()->type_name("FILE");
  command->callback([&chosen, path] { chosen = [path] { return change(*path, uninject_manifest); }; });
}

}  // namespace initscan
