#include "injector/inject/manifest.h"

#include "common/json/parse.h"
#include "common/json/tree_text.h"
#include "common/yaml/yaml_document.h"
#include "injector/inject/manifest_parts.h"
#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kListSuffix = "List";

// Where an object of a kind keeps its pod.
struct Workload {
  std::string_view kind;
  std::vector<std::string_view> groups;  // of its API; another one may have a kind of this name as well
  std::vector<std::string> path;
  bool may_have_none = false;  // it may name another object that has the pod
};

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{{"Pod", {""}, {}},
                                         {"Deployment", {"apps", "extensions"}, {"spec", "template"}},
                                         {"StatefulSet", {"apps"}, {"spec", "template"}},
                                         {"DaemonSet", {"apps", "extensions"}, {"spec", "template"}},
                                         {"ReplicaSet", {"apps", "extensions"}, {"spec", "template"}},
                                         {"ReplicationController", {""}, {"spec", "template"}},
                                         {"Job", {"batch"}, {"spec", "template"}},
                                         {"CronJob", {"batch"}, {"spec", "jobTemplate", "spec", "template"}},
                                         {"PodTemplate", {""}, {"template"}},
                                         {"DeploymentConfig", {"apps.openshift.io", ""}, {"spec", "template"}},
                                         {"Rollout", {"argoproj.io"}, {"spec", "template"}, true}};
  return all;
}

const Workload* workload_of(std::string_view kind) {
  const auto& all = workloads();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Workload& w) { return w.kind == kind; });
  return found == all.end() ? nullptr : &*found;
}

// A manifest that does not say the version means Kubernetes' own kind.
const Workload* workload_of(std::string_view kind, std::string_view api_version) {
  const Workload* const workload = workload_of(kind);
  if (workload == nullptr || api_version.empty()) return workload;
  const std::size_t slash = api_version.find('/');
  const std::string_view group = slash == api_version.npos ? std::string_view() : api_version.substr(0, slash);
  const auto& groups = workload->groups;
  return std::find(groups.begin(), groups.end(), group) == groups.end() ? nullptr : workload;
}

// "Pod" of "PodList"; "" of what is no list, and of a List, whose items say it themselves.
std::string_view item_kind_of(std::string_view kind) {
  return kind.ends_with(kListSuffix) ? kind.substr(0, kind.size() - kListSuffix.size()) : std::string_view();
}

// Whether anywhere in it is a list of containers with images, as only pods have them.
bool holds_containers(const Json& value) {
  if (value.is_object() && value.contains("containers") && value["containers"].is_array()) {
    const Json& containers = value["containers"];
    const auto has_image = [](const Json& container) { return container.is_object() && container.contains("image"); };
    if (std::any_of(containers.begin(), containers.end(), has_image)) return true;
  }
  return value.is_structured() && std::any_of(value.begin(), value.end(), holds_containers);
}

// One tree of either library, as the walk over a manifest needs it.
struct YamlTree {
  using Node = YAML::Node;

  static std::string text(const Node& node, const std::string& key) {
    const Node value = node.IsMap() ? node[key] : Node(YAML::NodeType::Undefined);
    return value && value.IsScalar() ? value.Scalar() : std::string();
  }
  static bool child(const Node& node, const std::string& key, Node& found) {
    if (!node.IsMap()) return false;
    const Node value = node[key];
    if (!value || !value.IsMap()) return false;
    found.reset(value);
    return true;
  }
  static std::optional<std::vector<Node>> items(const Node& node) {
    std::vector<Node> all;
    const Node list = node.IsMap() ? node["items"] : Node(YAML::NodeType::Undefined);
    if (!list || (!list.IsSequence() && !list.IsNull())) return std::nullopt;
    for (const Node& item : list) all.push_back(item);
    return all;
  }
  static std::string json(const Node& node) { return object_json(node); }
  static Result<void> apply(const Node& node, const Json& patch) { return apply_patch(node, patch); }
};

struct JsonTree {
  using Node = std::reference_wrapper<OrderedJson>;

  static std::string text(const Node& node, const std::string& key) {
    if (!node.get().is_object()) return "";
    const auto value = node.get().find(key);
    return value != node.get().end() && value->is_string() ? value->get<std::string>() : "";
  }
  static bool child(const Node& node, const std::string& key, Node& found) {
    if (!node.get().is_object()) return false;
    const auto value = node.get().find(key);
    if (value == node.get().end() || !value->is_object()) return false;
    found = *value;
    return true;
  }
  static std::optional<std::vector<Node>> items(const Node& node) {
    std::vector<Node> all;
    if (!node.get().is_object()) return std::nullopt;
    const auto list = node.get().find("items");
    if (list == node.get().end() || (!list->is_array() && !list->is_null())) return std::nullopt;
    if (list->is_array()) {
      for (OrderedJson& item : *list) all.emplace_back(item);
    }
    return all;
  }
  static std::string json(const Node& node) { return json_text(node.get()); }
  static Result<void> apply(const Node& node, const Json& patch) {
    node.get() = node.get().patch(OrderedJson(patch));
    return {};
  }
};

// What is to be done with each pod, and with the rest.
using PodChange = std::function<Result<PodPatch>(const Pod&)>;

struct Change {
  PodChange of_pod;
  Unchanged unchanged = Unchanged::copied;
  bool finds_every_pod = false;  // a pod of a kind that is not known is a failure
};

// Walks over one document, and changes the pods that it finds.
template <class Tree>
class Injection {
 public:
  using Node = typename Tree::Node;

  Injection(const Change& change, InjectedManifest& manifest) : change_(change), manifest_(manifest) {}

  // The kind that a list gives its items applies to those that do not give their own.
  void object(Node node, std::string kind = {}, std::string api_version = {}) {
    if (std::string own = Tree::text(node, "kind"); !own.empty()) {
      kind = std::move(own);
      api_version = Tree::text(node, "apiVersion");
    }
    const auto items = kind.ends_with(kListSuffix) ? Tree::items(node) : std::nullopt;
    if (items) {
      for (const Node& item : *items) object(item, std::string(item_kind_of(kind)), api_version);
      return;
    }
    Node metadata = node;
    const bool has_metadata = Tree::child(node, "metadata", metadata);
    const std::string name = kind + '/' + (has_metadata ? Tree::text(metadata, "name") : "");
    if (kind.empty()) return fail({Errc::malformed, "want an object with a kind"});
    if (kind == kListSuffix || workload_of(item_kind_of(kind)) != nullptr) {
      return fail(Error{Errc::malformed, "want a list for items"}.within(name));
    }
    const Workload* const workload = workload_of(kind, api_version);
    if (workload == nullptr) return leave(node, name);
    Node pod = node;
    for (const std::string& key : workload->path) {
      if (Tree::child(pod, key, pod)) continue;
      if (workload->may_have_none) return leave(node, name);
      return fail({Errc::malformed, name + ": no " + key});
    }
    auto reason = inject(pod, has_metadata ? Tree::text(metadata, "namespace") : "");
    if (!reason) return fail(std::move(reason).error().within(name));
    manifest_.objects.push_back({name, *reason});
  }

  bool has_changed() const { return has_changed_; }

 private:
  void leave(const Node& node, const std::string& name) {
    Json json;
    if (change_.finds_every_pod) {
      auto parsed = parse_json(Tree::json(node), json);
      if (!parsed) return fail(std::move(parsed).error().within(name));
    }
    if (!holds_containers(json)) return manifest_.objects.push_back({name, Reason::not_a_workload});
    fail({Errc::unsupported, name + ": has containers, but where an object of this kind and apiVersion keeps its "
                                    "pods is not known; it was not injected"});
  }

  Result<Reason> inject(Node node, const std::string& name_space) {
    auto pod = read_pod(Tree::json(node));
    if (!pod) return pod.error();
    pod->namespace_ = name_space;
    auto patch = change_.of_pod(*pod);
    if (!patch) return patch.error();
    if (patch->operations.empty()) return patch->reason;
    if (auto applied = Tree::apply(node, patch_document(patch->operations)); !applied) return applied.error();
    has_changed_ = true;
    return patch->reason;
  }

  void fail(Error error) { manifest_.failures.push_back(std::move(error)); }

  const Change& change_;
  InjectedManifest& manifest_;
  bool has_changed_ = false;
};

void keep(const ManifestPart& part, InjectedManifest& manifest) {
  manifest.text.append(part.before).append(part.body).append(part.after);
}

// What takes a document's place: a marker that stood before its first word on the same line is part of it no more.
void replace(const ManifestPart& part, const std::string& with, InjectedManifest& manifest) {
  const bool has_marker = part.body.starts_with("---");
  const bool has_windows_lines = part.body.substr(0, part.body.find('\n')).ends_with('\r');
  manifest.text.append(part.before).append(has_marker ? "---\n" : "");
  for (const char c : with) {
    if (c == '\n' && has_windows_lines) manifest.text += '\r';
    manifest.text += c;
  }
  manifest.text.append(part.after);
}

void change_json(const ManifestPart& part, OrderedJson& document, const Change& change, InjectedManifest& manifest) {
  Injection<JsonTree> injection(change, manifest);
  injection.object(document);
  if (!injection.has_changed() && change.unchanged == Unchanged::copied) return keep(part, manifest);
  replace(part, json_text(document, 2), manifest);
}

// A mapping in YAML's flow style also begins with a brace, but hardly with a quoted key.
bool looks_like_json(std::string_view body) {
  const std::size_t second = body.find_first_not_of(" \t\r\n", 1);
  return second == body.npos || body[second] == '"';
}

// Errors: it is not YAML. More than one document if yaml-cpp sees an end that is not at a line's end.
Result<void> change_yaml(const ManifestPart& part, const Change& change, InjectedManifest& manifest) {
  auto documents = load_yaml(part.body, part.line);
  if (!documents) return documents.error();
  bool has_changed = change.unchanged == Unchanged::written_anew || !has_clear_lines(part.body);
  std::string text;
  for (const YAML::Node& document : *documents) {
    if (document.IsNull()) continue;  // two markers with nothing between them
    Injection<YamlTree> injection(change, manifest);
    injection.object(document);
    has_changed = has_changed || injection.has_changed();
    text += (text.empty() ? "" : "---\n") + emit_yaml(document);
  }
  if (!has_changed) {
    keep(part, manifest);
  } else {
    replace(part, text, manifest);
  }
  return {};
}

// JSON, or a mapping in YAML's flow style.
Result<void> change_braces(const ManifestPart& part, const Change& change, InjectedManifest& manifest) {
  OrderedJson document;
  auto parsed = parse_json(part.body, document);
  if (parsed) {
    change_json(part, document, change, manifest);
    return {};
  }
  auto error = std::move(parsed).error().within(std::to_string(part.line));
  if (error.code == Errc::over_limit) return error;
  auto changed = change_yaml(part, change, manifest);
  if (changed || !looks_like_json(part.body)) return changed;
  return error;
}

// One part after the other. Each that is not changed is copied.
void change_part(const ManifestPart& part, const Change& change, InjectedManifest& manifest) {
  if (part.body.empty()) return keep(part, manifest);
  const bool may_hold_pods = change.finds_every_pod && part.body.find("containers") != part.body.npos;
  const bool may_be_copied =
      change.unchanged == Unchanged::copied && !part.is_json && !may_hold_pods && has_clear_lines(part.body);
  const auto plain = may_be_copied ? plain_object(part.body) : std::nullopt;
  if (plain && workload_of(plain->kind) == nullptr && !plain->kind.ends_with(kListSuffix)) {
    manifest.objects.push_back({std::string(plain->kind) + '/' + std::string(plain->name), Reason::not_a_workload});
    return keep(part, manifest);
  }
  auto changed =
      part.body.starts_with('{') ? change_braces(part, change, manifest) : change_yaml(part, change, manifest);
  if (changed) return;
  manifest.failures.push_back(std::move(changed).error());
  keep(part, manifest);
}

Result<InjectedManifest> change_manifest(std::string_view text, const Change& change) {
  InjectedManifest manifest;
  bool is_empty = true;
  for (const ManifestPart& part : split_manifest(text)) {
    is_empty = is_empty && part.body.empty();
    change_part(part, change, manifest);
  }
  if (is_empty) return Error{Errc::malformed, "is empty"};
  if (manifest.text != text && !manifest.text.ends_with('\n')) manifest.text += '\n';
  return manifest;
}

}  // namespace

Result<InjectedManifest> inject_manifest(std::string_view text, const InjectorConfig& config) {
  return change_manifest(text, {[&](const Pod& pod) { return patch_pod(pod, config); }, Unchanged::copied, true});
}

Result<InjectedManifest> uninject_manifest(std::string_view text, Unchanged unchanged) {
  return change_manifest(text, {[](const Pod& pod) -> Result<PodPatch> { return unpatch_pod(pod); }, unchanged});
}

Result<InjectedManifest> whole(Result<InjectedManifest> manifest) {
  if (manifest && !manifest->failures.empty()) return std::move(manifest->failures.front());
  return manifest;
}

}  // namespace initscan::injector
