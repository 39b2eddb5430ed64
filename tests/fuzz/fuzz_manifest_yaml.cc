// A manifest that is injected can be injected again, and comes out the same; its parts are the manifest, and what is
// told of a part without reading it is what a reader finds.
#include "common/yaml/yaml_document.h"
#include "injector/inject/manifest.h"
#include "injector/inject/manifest_parts.h"

#include <cstdint>
#include <cstdlib>

#include <yaml-cpp/yaml.h>

namespace {

void check_plain(const initscan::injector::ManifestPart& part) {
  if (part.is_json || !initscan::injector::has_clear_lines(part.body)) return;
  const auto plain = initscan::injector::plain_object(part.body);
  const auto read = plain ? initscan::load_yaml(part.body) : initscan::Error{initscan::Errc::malformed, ""};
  if (!read) return;
  if (read->size() != 1 || !read->front().IsMap() || read->front()["kind"].Scalar() != plain->kind) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  initscan::injector::InjectorConfig config;
  config.image = "example/initscan@sha256:1";
  config.policy_json = "{}";
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  std::string joined;
  for (const initscan::injector::ManifestPart& part : initscan::injector::split_manifest(text)) {
    joined.append(part.before).append(part.body).append(part.after);
    check_plain(part);
  }
  if (joined != text) std::abort();
  const auto once = initscan::injector::inject_manifest(text, config);
  if (!once) return once.error().text.empty() ? (std::abort(), 0) : 0;
  if (once->text.empty()) return 0;
  const auto twice = initscan::injector::inject_manifest(once->text, config);
  if (!twice || twice->text != once->text) std::abort();
  return 0;
}
