#include "injector/explain/workload.h"

#include "common/json/parts.h"
#include "common/kube/client.h"
#include "common/text/ascii.h"
#include "common/text/join.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxRefusals = 5;

const std::array<WorkloadKind, 8>& kinds() {
  static const std::array<WorkloadKind, 8> all{
      {{"Pod", "/api/v1", "pods", {"pod", "po"}, ""},
       {"Deployment", "/apis/apps/v1", "deployments", {"deployment", "deploy"}, "ReplicaSet"},
       {"StatefulSet", "/apis/apps/v1", "statefulsets", {"statefulset", "sts"}, ""},
       {"DaemonSet", "/apis/apps/v1", "daemonsets", {"daemonset", "ds"}, ""},
       {"ReplicaSet", "/apis/apps/v1", "replicasets", {"replicaset", "rs"}, ""},
       {"ReplicationController", "/api/v1", "replicationcontrollers", {"replicationcontroller", "rc"}, ""},
       {"Job", "/apis/batch/v1", "jobs", {"job"}, ""},
       {"CronJob", "/apis/batch/v1", "cronjobs", {"cronjob", "cj"}, "Job"}}};
  return all;
}

std::string known_kinds() {
  std::vector<std::string> all;
  for (const WorkloadKind& kind : kinds()) all.emplace_back(kind.names.front());
  return join(all);
}

// Each pod that a controller tries to make has another name: what is said of `pods "web-7d4b9-x2x7k"` is one sentence.
std::string without_pod_name(const std::string& text) {
  constexpr std::string_view kStart = "pods \"";
  const std::size_t start = text.find(kStart);
  const std::size_t end = start == text.npos ? start : text.find('"', start + kStart.size());
  if (end == text.npos) return text;
  const std::size_t dash = text.rfind('-', end);
  if (dash == text.npos || dash < start + kStart.size() || dash + 1 == end) return text;
  return text.substr(0, dash + 1) + '*' + text.substr(end);
}

// In the order in which they are met first, and how often.
class Sentences {
 public:
  void add(const std::string& message, std::int64_t times) {
    const std::string sentence = without_pod_name(message);
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const auto& entry) { return entry.first == sentence; });
    if (found != all_.end()) {
      found->second += times;
    } else if (!sentence.empty() && all_.size() < kMaxRefusals) {
      all_.emplace_back(sentence, times);
    }
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& [sentence, times] : all_) {
      texts.push_back(sentence + (times > 1 ? " (" + std::to_string(times) + " times)" : ""));
    }
    return texts;
  }

 private:
  std::vector<std::pair<std::string, std::int64_t>> all_;
};

// How often what an event reports has happened: either of two APIs aggregates events.
std::int64_t times_of(const Json& event) {
  return std::max({number_in(event, "count"), number_in(object_in(event, "series"), "count"), std::int64_t{1}});
}

std::string uid_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "uid");
}

}  // namespace

const WorkloadKind* workload_kind(std::string_view name) {
  const std::string wanted = in_lower_case(name.substr(0, name.find('.')));  // "deployments.apps" is the same
  for (const WorkloadKind& kind : kinds()) {
    const bool is_it = wanted == kind.plural ||
                       std::find(kind.names.begin(), kind.names.end(), std::string_view(wanted)) != kind.names.end();
    if (is_it) return &kind;
  }
  return nullptr;
}

Result<WorkloadName> workload_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view kind = slash == text.npos ? std::string_view("pod") : text.substr(0, slash);
  const std::string_view name = slash == text.npos ? text : text.substr(slash + 1);
  const WorkloadKind* const known = workload_kind(kind);
  if (known == nullptr) {
    return Error{Errc::usage, "explain: \"" + std::string(kind) + "\" has no pods; kinds are " + known_kinds()};
  }
  if (name.empty() || name.find('/') != name.npos) {
    return Error{Errc::usage, "explain: want POD or KIND/NAME, got \"" + std::string(text) + '"'};
  }
  return WorkloadName{known, std::string(name)};
}

std::string collection_of(const WorkloadKind& kind, std::string_view namespace_name) {
  return std::string(kind.collection) + "/namespaces/" + escape_segment(namespace_name) + '/' +
         std::string(kind.plural);
}

std::vector<Json> controlled_by(const std::set<std::string>& owners, const std::vector<Json>& all) {
  const auto controls = [&](const Json& owner) {
    return flag_in(owner, "controller") && owners.contains(text_in(owner, "uid"));
  };
  std::vector<Json> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found), [&](const Json& object) {
    const Json& references = list_in(object_in(object, "metadata"), "ownerReferences");
    return std::any_of(references.begin(), references.end(), controls);
  });
  return found;
}

std::vector<std::string> refusals(const std::vector<Json>& objects, const std::vector<Json>& events) {
  Sentences sentences;
  std::set<std::string> uids;
  for (const Json& object : objects) {
    uids.insert(uid_of(object));
    for (const Json& condition : list_in(object_in(object, "status"), "conditions")) {
      if (text_in(condition, "type") != "ReplicaFailure" || text_in(condition, "status") != "True") continue;
      sentences.add(text_in(condition, "message"), 0);  // its events count it
    }
  }
  for (const Json& event : events) {
    if (text_in(event, "reason") != "FailedCreate" ||
        !uids.contains(text_in(object_in(event, "involvedObject"), "uid")))
      continue;
    sentences.add(text_in(event, "message"), times_of(event));
  }
  return sentences.texts();
}

std::string renewal_of(const WorkloadKind& kind, const std::string& name, const std::string& namespace_name) {
  const std::string where = ' ' + name + " -n " + namespace_name;
  if (kind.kind == "Deployment" || kind.kind == "StatefulSet" || kind.kind == "DaemonSet") {
    return "kubectl rollout restart " + std::string(kind.names.front()) + where;
  }
  const char* const again = kind.kind == "Job" ? ", and create it again" : "";
  return "kubectl delete " + std::string(kind.names.front()) + where + again;
}

}  // namespace initscan::injector
