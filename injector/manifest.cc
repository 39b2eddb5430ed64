#include "injector/manifest.h"

#include "common/json_parse.h"
#include "common/yaml/yaml_document.h"
#include "injector/patch.h"
#include "injector/pod_reader.h"

#include <functional>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

// Where an object of a kind keeps its pod.
struct Workload {
  std::string_view kind;
  std::vector<std::string> path;
};

const Workload* workload_of(std::string_view kind) {
  static const std::vector<Workload> workloads{{"Pod", {}},
                                               {"Deployment", {"spec", "template"}},
                                               {"StatefulSet", {"spec", "template"}},
                                               {"DaemonSet", {"spec", "template"}},
                                               {"ReplicaSet", {"spec", "template"}},
                                               {"ReplicationController", {"spec", "template"}},
                                               {"Job", {"spec", "template"}},
                                               {"CronJob", {"spec", "jobTemplate", "spec", "template"}}};
  for (const Workload& workload : workloads) {
    if (workload.kind == kind) return &workload;
  }
  return nullptr;
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
  static std::vector<Node> items(const Node& node) {
    std::vector<Node> all;
    const Node list = node["items"];
    if (!list || !list.IsSequence()) return all;
    for (const Node& item : list) all.push_back(item);
    return all;
  }
  static std::string json(const Node& node) { return object_json(node); }
  static Result<void> apply(const Node& node, const std::string& patch) {
    return apply_patch(node, Json::parse(patch));
  }
};

struct JsonTree {
  using Node = std::reference_wrapper<OrderedJson>;

  static std::string text(const Node& node, const std::string& key) {
    const auto value = node.get().find(key);
    return node.get().is_object() && value != node.get().end() && value->is_string() ? value->get<std::string>() : "";
  }
  static bool child(const Node& node, const std::string& key, Node& found) {
    if (!node.get().is_object()) return false;
    const auto value = node.get().find(key);
    if (value == node.get().end() || !value->is_object()) return false;
    found = *value;
    return true;
  }
  static std::vector<Node> items(const Node& node) {
    std::vector<Node> all;
    const auto list = node.get().find("items");
    if (list == node.get().end() || !list->is_array()) return all;
    for (OrderedJson& item : *list) all.emplace_back(item);
    return all;
  }
  static std::string json(const Node& node) { return node.get().dump(); }
  static Result<void> apply(const Node& node, const std::string& patch) {
    node.get() = node.get().patch(OrderedJson::parse(patch));
    return {};
  }
};

// What is to be done with each pod.
using Change = std::function<Result<PodPatch>(const Pod&)>;

template <class Tree>
class Injection {
 public:
  using Node = typename Tree::Node;

  Injection(const Change& change, std::vector<InjectedObject>& objects) : change_(change), objects_(objects) {}

  Result<void> object(Node node) {
    const std::string kind = Tree::text(node, "kind");
    if (kind == "List") {
      for (Node& item : Tree::items(node)) {
        if (auto done = object(item); !done) return done;
      }
      return {};
    }
    Node metadata = node;
    const bool has_metadata = Tree::child(node, "metadata", metadata);
    const std::string name = kind + '/' + (has_metadata ? Tree::text(metadata, "name") : "");
    const Workload* const workload = workload_of(kind);
    if (workload == nullptr) {
      objects_.push_back({name, "not-a-workload"});
      return {};
    }
    Node pod = node;
    for (const std::string& key : workload->path) {
      if (!Tree::child(pod, key, pod)) return Error{Errc::malformed, name + ": no " + key};
    }
    auto done = inject(pod, has_metadata ? Tree::text(metadata, "namespace") : "", name);
    if (!done) return std::move(done).error().within(name);
    return done;
  }

 private:
  Result<void> inject(Node node, const std::string& name_space, const std::string& name) {
    auto pod = read_pod(Tree::json(node));
    if (!pod) return pod.error();
    pod->namespace_ = name_space;
    auto patch = change_(*pod);
    if (!patch) return patch.error();
    objects_.push_back({name, patch->reason});
    if (patch->json.empty()) return {};
    return Tree::apply(node, patch->json);
  }

  const Change& change_;
  std::vector<InjectedObject>& objects_;
};

Result<InjectedManifest> change_json(std::string_view text, const Change& change) {
  InjectedManifest manifest;
  try {
    OrderedJson document;
    if (auto parsed = parse_json(text, document); !parsed) return parsed.error();
    if (auto done = Injection<JsonTree>(change, manifest.objects).object(document); !done) return done.error();
    manifest.text = document.dump(2) + '\n';
  } catch (const OrderedJson::exception& e) { return Error{Errc::malformed, std::string("not JSON: ") + e.what()}; }
  return manifest;
}

Result<InjectedManifest> change_yaml(std::string_view text, const Change& change) {
  auto documents = load_yaml(text);
  if (!documents) return documents.error();
  InjectedManifest manifest;
  for (const YAML::Node& document : *documents) {
    if (document.IsNull()) continue;  // two markers with nothing between them
    if (!document.IsMap()) return Error{Errc::malformed, "want an object with a kind"};
    if (auto done = Injection<YamlTree>(change, manifest.objects).object(document); !done) return done.error();
    if (!manifest.text.empty()) manifest.text += "---\n";
    manifest.text += emit_yaml(document);
  }
  return manifest;
}

Result<InjectedManifest> change_manifest(std::string_view text, const Change& change) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return Error{Errc::malformed, "is empty"};
  return text[first] == '{' ? change_json(text, change) : change_yaml(text, change);
}

}  // namespace

Result<InjectedManifest> inject_manifest(std::string_view text, const InjectorConfig& config) {
  return change_manifest(text, [&](const Pod& pod) { return patch_pod(pod, config); });
}

Result<InjectedManifest> uninject_manifest(std::string_view text) {
  return change_manifest(text, [](const Pod& pod) -> Result<PodPatch> { return unpatch_pod(pod); });
}

}  // namespace initscan
