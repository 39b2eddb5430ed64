// Whatever a kubeconfig says, it is read or refused with a reason; what is read has a server to ask.
#include "common/kube/config.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* const context : {"", "one"}) {
    const auto config = initscan::parse_kubeconfig(text, "/nonexistent", context);
    if (!config && config.error().text.empty()) std::abort();
    if (config && (config->host.empty() || config->port.empty())) std::abort();
  }
  return 0;
}
