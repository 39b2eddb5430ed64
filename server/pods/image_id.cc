#include "server/pods/image_id.h"

#include "common/json/parts.h"
#include "common/names.h"

#include <algorithm>

namespace initscan::server {

using Json = nlohmann::json;

ImageId image_id(std::string id) {
  const std::size_t at = id.rfind('@');
  if (at != id.npos) return {id.substr(at + 1), true};
  return {std::move(id), false};
}

const Json& find_named(const Json& list, const std::string& name) {
  static const Json kNone = Json::object();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Json& one) { return text_in(one, "name") == name; });
  return found == list.end() ? kNone : *found;
}

std::string collected_id(const Json& statuses, const std::string& number) {
  return text_in(find_named(statuses, std::string(names::kCollect) + number), "imageID");
}

std::string mounted_id(const Json& statuses, const std::string& number) {
  const Json& mounts = list_in(find_named(statuses, names::kGate), "volumeMounts");
  const Json& mount = find_named(mounts, std::string(names::kImageVolume) + number);
  return text_in(object_in(object_in(mount, "volumeStatus"), "image"), "imageRef");
}

}  // namespace initscan::server
