#include "injector/pod/pod_reader.h"

#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/names.h"
#include "injector/pod/quantity.h"

#include <algorithm>

namespace initscan::injector {
namespace {

namespace dom = simdjson::dom;

// A field that may be absent or null. Errors: malformed - it is there and no object.
Result<std::optional<dom::element>> object_at(const dom::element& parent, std::string_view key) {
  dom::element found;
  if (parent[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::optional<dom::element>();
  if (!found.is_object()) return Error{Errc::malformed, std::string(key) + ": want an object"};
  return std::optional(found);
}

Result<void> read_amount(const dom::element& amounts, std::string_view key, std::optional<std::int64_t>& amount) {
  dom::element found;
  if (amounts[key].get(found) != simdjson::SUCCESS || found.is_null()) return {};
  std::string_view text;
  const std::string number = found.is_string() ? std::string() : simdjson::minify(found);
  if (found.get(text) != simdjson::SUCCESS) text = number;  // a bare number is a quantity as well
  auto quantity = parse_quantity(text);
  if (!quantity) return std::move(quantity).error().within(key);
  amount = *quantity;
  return {};
}

Result<void> read_amounts(const dom::element& resources, std::string_view key, Amounts& amounts) {
  const auto object = object_at(resources, key);
  if (!object) return object.error();
  if (!*object) return {};
  if (auto read = read_amount(**object, "cpu", amounts.cpu); !read) return std::move(read).error().within(key);
  if (auto read = read_amount(**object, "memory", amounts.memory); !read) return std::move(read).error().within(key);
  return {};
}

Result<void> read_resources(const dom::element& parent, Amounts& requests, Amounts& limits) {
  const auto resources = object_at(parent, "resources");
  if (!resources) return resources.error();
  if (!*resources) return {};
  if (auto read = read_amounts(**resources, "requests", requests); !read)
    return std::move(read).error().within("resources");
  if (auto read = read_amounts(**resources, "limits", limits); !read)
    return std::move(read).error().within("resources");
  // The API server takes a limit for the request that is not said.
  if (!requests.cpu) requests.cpu = limits.cpu;
  if (!requests.memory) requests.memory = limits.memory;
  return {};
}

bool is_said(const dom::element& object, std::string_view key) {
  dom::element found;
  return object[key].get(found) == simdjson::SUCCESS && !found.is_null();
}

bool adds_sys_admin(const dom::element& context) {
  const auto added = texts_in(context["capabilities"], "add");
  return std::any_of(added.begin(), added.end(), [](std::string_view name) {
    return name == "CAP_SYS_ADMIN" || name == "SYS_ADMIN" || name == "ALL";
  });
}

Result<void> read_security(const dom::element& parent, SecurityContext& security) {
  const auto found = object_at(parent, "securityContext");
  if (!found) return found.error();
  if (!*found) return {};
  const dom::element& context = **found;
  security.exists = true;
  security.seccomp = is_said(context, "seccompProfile");
  security.app_armor = is_said(context, "appArmorProfile");
  security.se_linux = is_said(context, "seLinuxOptions");
  security.privilege_escalation = is_said(context, "allowPrivilegeEscalation");
  security.read_only_root = is_said(context, "readOnlyRootFilesystem");
  security.is_privileged = flag_in(context, "privileged");
  security.has_sys_admin = adds_sys_admin(context);
  if (security.app_armor) {
    const dom::element profile = context["appArmorProfile"];
    security.has_node_profile = text_in(profile, "type") == "Localhost";
  }
  if (security.se_linux) {
    const dom::element options = context["seLinuxOptions"];
    security.se_linux_type = text_in(options, "type");
    security.se_linux_level = text_in(options, "level");
  }
  return {};
}

// The list's own limit is that of the request: a mount is a few bytes.
Result<void> read_mounts(const dom::element& object, Container& container) {
  dom::element found;
  if (object["volumeMounts"].get(found) != simdjson::SUCCESS || found.is_null()) return {};
  dom::array mounts;
  if (found.get(mounts) != simdjson::SUCCESS) return Error{Errc::malformed, "volumeMounts: want a list"};
  container.has_mounts = true;
  for (const dom::element mount : mounts) {
    container.mounts.push_back({std::string(text_in(mount, "name")), std::string(text_in(mount, "mountPath"))});
  }
  return {};
}

Result<Container> read_container(const dom::element& object) {
  Container container;
  container.name = text_in(object, "name");
  container.image = text_in(object, "image");
  container.pull_policy = text_in(object, "imagePullPolicy");
  container.is_sidecar = text_in(object, "restartPolicy") == "Always";
  auto read = read_resources(object, container.requests, container.limits);
  if (read) read = read_security(object, container.security);
  if (read) read = read_mounts(object, container);
  if (!read) return std::move(read).error().within(container.name);
  if (container.name.starts_with(names::kReserved)) container.json = simdjson::minify(object);
  return container;
}

Result<Volume> read_volume(const dom::element& object) {
  Volume volume;
  volume.name = text_in(object, "name");
  const auto image = object_at(object, "image");
  if (!image) return image.error();
  if (*image) {
    volume.image = text_in(**image, "reference");
    volume.pull_policy = text_in(**image, "pullPolicy");
  }
  if (volume.name.starts_with(names::kReserved)) volume.json = simdjson::minify(object);
  return volume;
}

// Reads a list of objects; `exists` says whether it is there at all.
template <class T>
Result<void> read_list(const dom::element& spec, std::string_view key, Result<T> (*read)(const dom::element&),
                       std::vector<T>& list, bool& exists) {
  dom::element found;
  if (spec[key].get(found) != simdjson::SUCCESS || found.is_null()) return {};
  dom::array array;
  if (found.get(array) != simdjson::SUCCESS) return Error{Errc::malformed, std::string(key) + ": want a list"};
  exists = true;
  for (const dom::element element : array) {
    if (list.size() == kMaxContainers) return Error{Errc::over_limit, std::string(key) + ": too many"};
    if (!element.is_object()) return Error{Errc::malformed, std::string(key) + ": want a list of objects"};
    auto value = read(element);
    if (!value) return std::move(value).error().within(key);
    list.push_back(std::move(*value));
  }
  return {};
}

constexpr std::string_view kAppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

void read_labels(const dom::element& labels, Pod& pod) {
  pod.has_labels = true;
  pod.opt_out = text_in(labels, names::kInject);
  pod.injected = text_in(labels, names::kInjected);
  if (dom::object fields; labels.get(fields) == simdjson::SUCCESS) pod.labels = fields.size();
}

void read_annotations(const dom::element& annotations, Pod& pod) {
  pod.has_annotations = true;
  pod.status = text_in(annotations, names::kStatus);
  pod.is_mirror = is_said(annotations, "kubernetes.io/config.mirror");
  dom::object object;
  if (annotations.get(object) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : object) {
    ++pod.annotations;
    if (key.starts_with(kAppArmorAnnotation)) {
      pod.app_armor_annotations.emplace_back(key.substr(kAppArmorAnnotation.size()));
    }
  }
}

void read_owner(const dom::element& metadata, Pod& pod) {
  dom::array owners;
  if (metadata["ownerReferences"].get(owners) != simdjson::SUCCESS) return;
  for (const dom::element owner : owners) {
    if (!flag_in(owner, "controller")) continue;
    pod.owner = {std::string(text_in(owner, "apiVersion")), std::string(text_in(owner, "kind")),
                 std::string(text_in(owner, "name")), std::string(text_in(owner, "uid"))};
    return;
  }
}

Result<void> read_metadata(const dom::element& object, Pod& pod) {
  const auto metadata = object_at(object, "metadata");
  if (!metadata) return metadata.error();
  if (!*metadata) return {};
  pod.has_metadata = true;
  if (dom::object fields; (*metadata)->get(fields) == simdjson::SUCCESS) pod.metadata_fields = fields.size();
  pod.name = text_in(**metadata, "name");
  if (pod.name.empty()) {
    pod.name = text_in(**metadata, "generateName");
    read_owner(**metadata, pod);
  }
  pod.namespace_ = text_in(**metadata, "namespace");
  auto labels = object_at(**metadata, "labels");
  if (!labels) return std::move(labels).error().within("metadata");
  if (*labels) read_labels(**labels, pod);
  auto annotations = object_at(**metadata, "annotations");
  if (!annotations) return std::move(annotations).error().within("metadata");
  if (*annotations) read_annotations(**annotations, pod);
  return {};
}

constexpr std::string_view kSystemLabel = "kubernetes.io/os";
constexpr std::string_view kArchitectureLabel = "kubernetes.io/arch";

// The values of a label that one term of a node affinity insists on; empty where it leaves it open.
Choices values_of(const dom::element& term, std::string_view label) {
  Choices choices;
  dom::array expressions;
  if (term["matchExpressions"].get(expressions) != simdjson::SUCCESS) return choices;
  for (const dom::element expression : expressions) {
    dom::array values;
    if (text_in(expression, "key") != label || text_in(expression, "operator") != "In") continue;
    if (expression["values"].get(values) != simdjson::SUCCESS) continue;
    for (const dom::element value : values) {
      std::string_view text;
      if (value.get(text) == simdjson::SUCCESS) choices.emplace_back(text);
    }
    return choices;
  }
  return choices;
}

// Terms are alternatives: one that leaves the label open leaves it open for the pod.
Choices affinity_of(const dom::element& spec, std::string_view label) {
  Choices all;
  dom::array terms;
  const auto required = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (required["nodeSelectorTerms"].get(terms) != simdjson::SUCCESS) return all;
  for (const dom::element term : terms) {
    Choices choices = values_of(term, label);
    if (choices.empty()) return {};
    all.insert(all.end(), choices.begin(), choices.end());
  }
  return all;
}

void read_choices(const dom::element& spec, const dom::element* selector, std::string_view label,
                  std::vector<Choices>& choices) {
  const std::string selected(selector == nullptr ? std::string_view() : text_in(*selector, label));
  if (!selected.empty()) choices.push_back({selected});
  Choices by_affinity = affinity_of(spec, label);
  if (!by_affinity.empty()) choices.push_back(std::move(by_affinity));
}

Result<void> read_nodes(const dom::element& spec, Pod& pod) {
  const auto os = object_at(spec, "os");
  if (!os) return os.error();
  const auto selector = object_at(spec, "nodeSelector");
  if (!selector) return selector.error();
  if (*os) pod.systems.push_back({std::string(text_in(**os, "name"))});
  const dom::element* const selected = *selector ? &**selector : nullptr;
  read_choices(spec, selected, kSystemLabel, pod.systems);
  read_choices(spec, selected, kArchitectureLabel, pod.architectures);
  return {};
}

}  // namespace

Result<Pod> read_pod(const dom::element& object) {
  if (!object.is_object()) return Error{Errc::malformed, "want an object"};
  Pod pod;
  if (auto read = read_metadata(object, pod); !read) return read.error();
  const auto found = object_at(object, "spec");
  if (!found) return found.error();
  if (!*found) return Error{Errc::malformed, "no spec"};
  const dom::element& spec = **found;

  bool host_users = true;
  pod.has_own_users = spec["hostUsers"].get(host_users) == simdjson::SUCCESS && !host_users;
  bool has_containers = false;
  auto read = read_nodes(spec, pod);
  if (read) read = read_security(spec, pod.security);
  if (read) read = read_resources(spec, pod.requests, pod.limits);
  if (read) read = read_list(spec, "initContainers", read_container, pod.init_containers, pod.has_init_containers);
  if (read) read = read_list(spec, "containers", read_container, pod.containers, has_containers);
  if (read) read = read_list(spec, "volumes", read_volume, pod.volumes, pod.has_volumes);
  if (!read) return std::move(read).error().within("spec");
  if (pod.containers.empty()) return Error{Errc::malformed, "spec: no containers"};
  return pod;
}

Result<Pod> read_pod(std::string_view json) {
  dom::parser parser;
  if (parser.allocate(json.size() + simdjson::SIMDJSON_PADDING, kMaxJsonDepth) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "too large"};
  }
  const auto root = parse_dom(parser, json);
  return root ? read_pod(*root) : root.error();
}

}  // namespace initscan::injector
