#include "common/names.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/verdict_options.h"
#include "initscan/confine/hide.h"
#include "initscan/model/gate_line.h"
#include "initscan/source/open_image.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr const char* kRootfs = "--rootfs";
constexpr const char* kSbom = "--sbom";

struct GateOptions : ScanOptions {
  std::vector<std::string> roots;   // "0=/initscan/images/0"
  std::vector<std::string> sboms;   // "0=/initscan/sbom/0.json"
  std::vector<std::string> images;  // "0=example/shop:1.4"
};

ImageSource source_of(const std::string& option, const std::string& index, const std::string& path) {
  if (option == kRootfs) return {index, path, rootfs_reference(path), ""};
  return {index, path, "", path};
}

Result<void> add_sources(const std::string& option, const std::vector<std::string>& arguments,
                         std::vector<ImageSource>& sources) {
  for (const std::string& argument : arguments) {
    auto source = numbered(option, argument);
    if (!source) return source.error();
    const auto& [index, path] = *source;
    for (const ImageSource& other : sources) {
      if (other.index == index) return Error{Errc::usage, option + ": number " + index + " is given twice"};
    }
    sources.push_back(source_of(option, index, path));
  }
  return {};
}

Result<std::vector<ImageSource>> sources_of(const GateOptions& options) {
  std::vector<ImageSource> sources;
  if (auto added = add_sources(kRootfs, options.roots, sources); !added) return added.error();
  if (auto added = add_sources(kSbom, options.sboms, sources); !added) return added.error();
  if (!options.seal_path.empty() && options.sboms.empty()) {
    return Error{Errc::usage, "--seal needs at least one --sbom"};
  }
  if (sources.empty()) return Error{Errc::usage, "gate: nothing to judge; give --rootfs N=DIR or --sbom N=FILE"};
  for (const std::string& argument : options.images) {
    const auto named = numbered("--image", argument);
    if (!named) return named.error();
    const auto source =
        std::find_if(sources.begin(), sources.end(), [&](const ImageSource& s) { return s.index == named->first; });
    if (source == sources.end()) {
      return Error{Errc::usage, "--image: number " + named->first + " has neither --rootfs nor --sbom"};
    }
    source->image = named->second;
  }
  return sources;
}

}  // namespace

void add_gate_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("gate", "Decide inside a pod: exit code 0 lets its application start");
  const auto options = std::make_shared<GateOptions>();
  command->add_option(kRootfs, options->roots, "An image mounted at a folder; repeatable")->type_name("N=DIR");
  command->add_option(kSbom, options->sboms, "An image as its CycloneDX SBOM; repeatable")->type_name("N=FILE");
  command->add_option("--image", options->images, "What to call image N; repeatable")->type_name("N=REFERENCE");
  command
      ->add_option(
          "--seal", options->seal_path,
          "The nonce that `install` wrote: an SBOM counts only with the seal that initscan-collect made with it")
      ->type_name("FILE");
  add_scan_options(*command, *options);
  add_report_options(*command, options->servers);
  command
      ->add_option("--termination-log", options->termination_log,
                   "Where to write the verdict, a line for programs and words for people")
      ->type_name("FILE");
  command
      ->add_option("--message-bytes", options->message_bytes,
                   "How much of that is kept: of a pod's N containers, 12,288 / N")
      ->check(CLI::Range(kMaxGateLineBytes, kMaxTerminationMessageBytes))
      ->type_name("BYTES")
      ->capture_default_str();
  add_example(*command,
              std::string("initscan gate --rootfs 0=/images/0 --image 0=example/shop:1.4 --termination-log ") +
                  names::kTerminationLog +
                  "\n         initscan gate --rootfs 0=/images/0 --image 0=example/shop@sha256:... --report-to "
                  "https://initscan.example.com:8443 --server-token token");
  command->callback([&chosen, options] {
    chosen = [options]() -> Result<ExitCode> {
      if (auto hidden = hide_memory(); !hidden) return with_id(hidden.error(), ReasonId::not_confined);
      auto sources = sources_of(*options);
      if (!sources) return sources.error();
      return scan_and_report(*options, std::move(*sources));
    };
  });
}

}  // namespace initscan
