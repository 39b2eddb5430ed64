// audit_patch POD.json [WRITES]: prints the patch that the audit proposes for a pod, and its notes on standard error.
// WRITES is a folder of observed writes.
#include "audit/collect/pod_reader.h"
#include "audit/judge/patch.h"
#include "audit/judge/workloads.h"
#include "common/file_io.h"

#include <iostream>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxManifestBytes = 16 << 20;

Result<ManifestPatch> patch_of(const std::string& path, const std::string& writes) {
  auto text = read_file(path, kMaxManifestBytes);
  if (!text) return std::move(text).error().within(path);
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  if (parser.parse(*text).get(object) != simdjson::SUCCESS) return Error{Errc::malformed, path + ": not JSON"};
  auto pod = read_pod(object);
  if (!pod) return std::move(pod).error().within(path);
  std::optional<ObservedWrites> observed;
  if (!writes.empty()) {
    auto read = ObservedWrites::read(writes);
    if (!read) return read.error();
    observed = std::move(*read);
  }
  return make_patch(*pod, owner_of(*pod, {}), observed ? &*observed : nullptr);
}

}  // namespace
}  // namespace initscan::audit

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: audit_patch POD.json [WRITES]\n";
    return 64;
  }
  const auto patch = initscan::audit::patch_of(argv[1], argc == 3 ? argv[2] : "");
  if (!patch) {
    std::cerr << "audit_patch: error: " << patch.error().text << '\n';
    return 1;
  }
  std::cout << patch->yaml;
  for (const std::string& note : patch->notes) std::cerr << note << '\n';
  return 0;
}
