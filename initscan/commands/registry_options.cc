#include "initscan/commands/registry_options.h"

#include "initscan/commands/own_folder.h"

#include <cstdlib>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace initscan {
namespace {

// Where docker keeps credentials, if there are any. "": nowhere.
std::string usual_auth_file() {
  const char* const folder = std::getenv("DOCKER_CONFIG");
  const char* const home = std::getenv("HOME");
  if (folder == nullptr && home == nullptr) return {};
  std::string path = (folder != nullptr ? std::string(folder) : std::string(home) + "/.docker") + "/config.json";
  return access(path.c_str(), F_OK) == 0 ? path : std::string();
}

}  // namespace

void add_registry_options(CLI::App& command, RegistryOptions& options) {
  command.add_option("REFERENCE", options.reference, "The image: HOST/NAME:TAG, or HOST/NAME@sha256:...")->required();
  command
      .add_option("--auth", options.auth_file,
                  "Credentials, as docker and podman write them; without it those of $DOCKER_CONFIG/config.json or "
                  "~/.docker/config.json")
      ->type_name("FILE");
  command.add_option("--ca", options.ca_file, "Whom to trust, in PEM; without it the system's roots")
      ->type_name("FILE");
  command.add_flag("--insecure-http", options.is_plain_http,
                   "Ask by plain http; credentials are sent to this machine alone then");
}

Result<RegistryImage> image_of(const RegistryOptions& options) {
  auto reference = parse_reference(options.reference);
  if (!reference) return reference.error();
  const auto programs = own_folder();
  if (!programs) return programs.error();
  RegistryAccess access{*programs + "/initscan-registry",
                        (options.is_plain_http ? "http://" : "https://") + reference->host, reference->repository,
                        options.auth_file.empty() ? usual_auth_file() : options.auth_file, options.ca_file};
  return RegistryImage{std::move(*reference), std::move(access)};
}

}  // namespace initscan
