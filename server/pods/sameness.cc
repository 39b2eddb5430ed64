#include "server/pods/sameness.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "server/pods/image_id.h"

#include <algorithm>
#include <map>
#include <string>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

Sameness compare(const std::string& scanned, const std::string& runs) {
  const ImageId a = image_id(scanned);
  const ImageId b = image_id(runs);
  if (a.digest.empty() || b.digest.empty()) return Sameness::unknown;
  if (a.digest == b.digest) return Sameness::same;
  return a.is_of_manifest == b.is_of_manifest ? Sameness::other : Sameness::unknown;
}

// The id of the image that was scanned as `image`; "" where nobody says.
std::string scanned_id(const Json& statuses, const GatedImage& image) {
  return image.is_collected ? collected_id(statuses, image.number) : mounted_id(statuses, image.number);
}

Sameness of_container(const Json& status, const std::string& reference, const Json& own_statuses, const OwnGate& gate) {
  const auto scanned = std::find_if(gate.images.begin(), gate.images.end(),
                                    [&](const GatedImage& image) { return image.reference == reference; });
  if (scanned == gate.images.end()) return Sameness::other;
  return compare(scanned_id(own_statuses, *scanned), text_in(status, "imageID"));
}

}  // namespace

Sameness sameness_of(const Json& pod, const OwnGate& gate) {
  const Json& spec = object_in(pod, "spec");
  const Json& status = object_in(pod, "status");
  const Json& own_statuses = list_in(status, "initContainerStatuses");
  constexpr std::array<std::pair<const char*, const char*>, 3> kKinds{
      {{"initContainers", "initContainerStatuses"},
       {"containers", "containerStatuses"},
       {"ephemeralContainers", "ephemeralContainerStatuses"}}};
  Sameness worst = Sameness::same;
  bool runs_any = false;
  for (const auto& [containers, statuses] : kKinds) {
    for (const Json& one : list_in(status, statuses)) {
      const std::string name = text_in(one, "name");
      if (name.starts_with(names::kReserved) || !object_in(one, "state").contains("running")) continue;
      runs_any = true;
      const std::string reference = text_in(find_named(list_in(spec, containers), name), "image");
      worst = std::max(worst, of_container(one, reference, own_statuses, gate));
    }
  }
  return runs_any ? worst : Sameness::unknown;
}

}  // namespace initscan::server
