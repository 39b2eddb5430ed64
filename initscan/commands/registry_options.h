#pragma once

#include "common/result.h"
#include "initscan/registry/reference.h"
#include "initscan/registry/registry_program.h"

#include <string>

namespace CLI {
class App;
}

namespace initscan {

// What commands are told of an image in a registry, and of who asks for it.
struct RegistryOptions {
  std::string reference;
  std::string auth_file;
  std::string ca_file;
  bool is_plain_http = false;
};

void add_registry_options(CLI::App& command, RegistryOptions& options);

struct RegistryImage {
  RegistryReference reference;
  RegistryAccess access;
};

/// Errors: usage - no reference; io.
Result<RegistryImage> image_of(const RegistryOptions& options);

}  // namespace initscan
