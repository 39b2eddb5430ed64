#include "audit/collect/stats_reader.h"

#include "audit/collect/json_fields.h"
#include "audit/collect/json_parse.h"
#include "audit/collect/pod_reader.h"

#include <algorithm>

namespace initscan::audit {
namespace {

std::uint64_t amount(const JsonFields& rootfs, std::string_view key) {
  const auto number = rootfs.number(key).value_or(0);
  if (number < 0) rootfs.fail(key, "want a number that is not negative");
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

}  // namespace

Result<void> read_stats_summary(std::string_view json, WriteLayers& layers) {
  simdjson::dom::parser parser;
  const auto root = parse_json(json, parser);
  if (!root) return root.error();
  std::optional<Error> error;
  const JsonFields fields(*root, error);
  WriteLayers read;
  if (!fields.has("pods")) fields.fail("pods", "missing");
  fields.each("pods", kMaxStatsPods, [&](const JsonFields& pod) {
    const JsonFields reference = pod.object("podRef");
    pod.each("containers", kMaxPodContainers, [&](const JsonFields& container) {
      const JsonFields rootfs = container.object("rootfs");
      if (!rootfs.has("usedBytes")) return;  // the runtime has not measured it yet
      read[{std::string(reference.text("namespace")), std::string(reference.text("name")),
            std::string(container.text("name"))}] = {amount(rootfs, "usedBytes"), amount(rootfs, "inodesUsed")};
    });
  });
  if (error) return std::move(*error);
  for (const auto& [key, layer] : read) {
    WriteLayer& known = layers[key];
    known.bytes = std::max(known.bytes, layer.bytes);
    known.inodes = std::max(known.inodes, layer.inodes);
  }
  return {};
}

}  // namespace initscan::audit
