#include "audit/report/fingerprint.h"

#include "common/crypto/sha256.h"

#include <initializer_list>

namespace initscan::audit {
namespace {

// Lengths part the fields: no two lists of fields are the same text.
std::string digest_of(std::initializer_list<std::string_view> fields) {
  std::string text;
  for (const std::string_view field : fields) text += std::to_string(field.size()) + ':' + std::string(field);
  return sha256_hex(text);
}

}  // namespace

std::string fingerprint(const Workload& workload, const WorkloadResult& found) {
  return digest_of({workload.cluster, workload.namespace_, workload.owner.kind, workload.owner.name,
                    found.result.check->id, found.result.container})
      .substr(0, 32);
}

std::string owner_fingerprint(const Owner& owner) {
  return digest_of({owner.api_version, owner.kind, owner.name}).substr(0, 8);
}

}  // namespace initscan::audit
