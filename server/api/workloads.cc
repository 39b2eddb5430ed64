#include "server/api/workloads.h"

#include <algorithm>

namespace initscan::server {

Result<void> AnswerWorkloads::write(JsonWriter& json, const std::string& digest, const std::string& space) {
  if (digest != digest_) {
    auto known = store_.read([&](Database& database) { return workloads_of_image(database, view_, digest); });
    if (!known) return known.error();
    known_ = std::move(*known);
    digest_ = digest;
  }
  const ImageWorkloads& workloads = known_[space];
  const std::size_t named = std::min(workloads.newest.size(), left_);
  left_ -= named;
  json.key("workloads").begin_array();
  for (std::size_t i = 0; i < named; ++i) {
    json.begin_object().field("kind", workloads.newest[i].kind).field("name", workloads.newest[i].name).end_object();
  }
  json.end_array();
  json.field("moreWorkloads", workloads.more + static_cast<std::int64_t>(workloads.newest.size() - named));
  return {};
}

}  // namespace initscan::server
