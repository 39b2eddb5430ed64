// A manifest that is injected can be injected again, and comes out the same.
#include "injector/manifest.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  initscan::InjectorConfig config;
  config.image = "example/initscan@sha256:1";
  config.policy_json = "{}";
  const auto once = initscan::inject_manifest({reinterpret_cast<const char*>(data), size}, config);
  if (!once) return once.error().text.empty() ? (std::abort(), 0) : 0;
  if (once->text.empty()) return 0;
  const auto twice = initscan::inject_manifest(once->text, config);
  if (!twice || twice->text != once->text) std::abort();
  return 0;
}
