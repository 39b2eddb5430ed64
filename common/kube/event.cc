#include "common/kube/event.h"

#include "common/json/tree_text.h"
#include "common/time/rfc3339.h"

#include <nlohmann/json.hpp>

namespace initscan {

nlohmann::json event_json(const KubeEvent& event, std::chrono::sys_seconds now) {
  const EventObject& about = event.about;
  const std::string time = format_rfc3339(now);
  return {{"apiVersion", "v1"},
          {"kind", "Event"},
          {"metadata", {{"name", event.name}, {"namespace", about.namespace_}}},
          {"involvedObject",
           {{"apiVersion", about.api_version},
            {"kind", about.kind},
            {"name", about.name},
            {"namespace", about.namespace_},
            {"uid", about.uid}}},
          {"reason", event.reason},
          {"message", event.message},
          {"type", event.is_warning ? "Warning" : "Normal"},
          {"source", {{"component", event.component}}},
          {"firstTimestamp", time},
          {"lastTimestamp", time},
          {"count", event.count}};
}

KubeRequest creation_of(const KubeEvent& event, std::chrono::sys_seconds now) {
  KubeRequest request;
  request.method = "POST";
  request.path = "/api/v1/namespaces/" + escape_segment(event.about.namespace_) + "/events";
  request.body = json_text(event_json(event, now));
  return request;
}

}  // namespace initscan
