#include "server/pods/reporting_pod.h"

#include "common/gate/own_gate.h"
#include "common/json/time_in.h"
#include "common/names.h"
#include "common/text/whole_number.h"
#include "initscan/model/image_digest.h"
#include "server/pods/image_id.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr const char* kTemplateHash = "pod-template-hash";  // a label that the controller of Deployments sets
constexpr std::chrono::hours kLongestJob{7 * 24};           // from a CronJob's time to a pod of that Job

const Json& controller_of(const Json& metadata) {
  static const Json kNone = Json::object();
  const Json& owners = list_in(metadata, "ownerReferences");
  const auto found =
      std::find_if(owners.begin(), owners.end(), [](const Json& one) { return flag_in(one, "controller"); });
  return found == owners.end() ? kNone : *found;
}

// Of "NAME-END", NAME; "" of another form.
std::string without_end(const std::string& name, std::string_view end) {
  if (end.empty() || name.size() <= end.size() + 1 || !name.ends_with(end)) return {};
  const std::size_t dash = name.size() - end.size() - 1;
  return name[dash] == '-' ? name.substr(0, dash) : std::string();
}

// A CronJob's Jobs are named by the minute, since 1970, for which they were made.
// Source: pkg/controller/cronjob of Kubernetes, getJobName.
std::string cron_job_of(const std::string& job, const Json& metadata) {
  const std::size_t dash = job.rfind('-');
  const auto made = time_in(metadata, "creationTimestamp");
  if (dash == job.npos || !made) return {};
  const auto minute = whole_number<std::int64_t>(std::string_view(job).substr(dash + 1));
  if (!minute) return {};
  const std::int64_t made_in = std::chrono::floor<std::chrono::minutes>(*made).time_since_epoch().count();
  const bool is_its_time = *minute <= made_in && *minute >= made_in - std::chrono::minutes(kLongestJob).count();
  return is_its_time ? job.substr(0, dash) : std::string();
}

bool has_state(const Json& status, std::initializer_list<const char*> states) {
  const Json& state = object_in(status, "state");
  return std::any_of(states.begin(), states.end(), [&](const char* one) { return state.contains(one); });
}

// What a registry does not know is no answer, and neither are two images under one name.
void add_image(const std::string& reference, const std::string& id, bool has_told, ReportingPod& pod) {
  ImageId image = image_id(id);
  if (!image.is_of_manifest || !is_image_digest(image.digest)) image.digest.clear();
  const NodesImage told{image.digest, image.digest.empty() && !has_told};
  const auto [place, is_new] = pod.images.try_emplace(reference, told);
  if (!is_new && place->second != told) place->second = {"", place->second.may_follow || told.may_follow};
}

}  // namespace

Workload workload_of(const Json& pod) {
  const Json& metadata = object_in(pod, "metadata");
  const Json& controller = controller_of(metadata);
  Workload direct{text_in(controller, "kind"), text_in(controller, "name")};
  if (direct.kind.empty() || direct.name.empty() || direct.kind == "Node") return {"Pod", text_in(metadata, "name")};
  const std::string version = text_in(controller, "apiVersion");
  std::string above;
  if (direct.kind == "ReplicaSet" && version.starts_with("apps/")) {
    above = without_end(direct.name, text_in(object_in(metadata, "labels"), kTemplateHash));
    if (!above.empty()) return {"Deployment", std::move(above)};
  }
  if (direct.kind == "Job" && version.starts_with("batch/")) {
    above = cron_job_of(direct.name, metadata);
    if (!above.empty()) return {"CronJob", std::move(above)};
  }
  return direct;
}

ReportingPod reporting_pod_of(const Json& pod) {
  ReportingPod reporting{workload_of(pod), {}};
  const Json& spec = object_in(pod, "spec");
  const Json& statuses = list_in(object_in(pod, "status"), "initContainerStatuses");
  std::size_t looked_at = 0;  // an injector makes no more of them
  for (const Json& container : list_in(spec, "initContainers")) {
    const std::string name = text_in(container, "name");
    if (!name.starts_with(names::kCollect) || ++looked_at > kMaxOwnContainers) continue;
    const bool has_ended = has_state(find_named(statuses, name), {"terminated"});
    add_image(text_in(container, "image"), collected_id(statuses, name.substr(names::kCollect.size())), has_ended,
              reporting);
  }
  const bool has_started = has_state(find_named(statuses, names::kGate), {"running", "terminated"});
  for (const Json& volume : list_in(spec, "volumes")) {
    const std::string name = text_in(volume, "name");
    if (!name.starts_with(names::kImageVolume) || ++looked_at > kMaxOwnContainers) continue;
    add_image(text_in(object_in(volume, "image"), "reference"),
              mounted_id(statuses, name.substr(names::kImageVolume.size())), has_started, reporting);
  }
  return reporting;
}

}  // namespace initscan::server
