#include "audit/collect/own_containers.h"

#include "audit/collect/pod_reader.h"
#include "common/gate/own_gate.h"
#include "common/names.h"

#include <algorithm>
#include <string>

namespace initscan::audit {
namespace {

namespace dom = simdjson::dom;

bool is_own(const Container& container) {
  return is_reserved(container.name);
}

Setting setting_of(const std::string& path, const dom::element& element) {
  std::string_view text;
  std::int64_t number = 0;
  bool flag = false;
  if (element.get(text) == simdjson::SUCCESS) return {path, std::string(text), true};
  if (element.get(number) == simdjson::SUCCESS) return {path, std::to_string(number)};
  if (element.get(flag) == simdjson::SUCCESS) return {path, flag ? "true" : "false"};
  return {path, ""};
}

void add_settings(const std::string& path, const dom::element& element, std::vector<Setting>& settings) {
  dom::object object;
  dom::array array;
  if (element.get(object) == simdjson::SUCCESS) {
    if (object.begin() == object.end()) settings.push_back({path, "{}"});
    for (const auto [key, value] : object) {
      if (!value.is_null()) add_settings(path_below(path, key), value, settings);
    }
  } else if (element.get(array) == simdjson::SUCCESS) {
    if (array.begin() == array.end()) settings.push_back({path, "[]"});
    std::size_t index = 0;
    for (const dom::element item : array) add_settings(path_below(path, std::to_string(index++)), item, settings);
  } else {
    settings.push_back(setting_of(path, element));
  }
}

MountShape shape_of_mount(const JsonFields& fields) {
  MountShape mount{std::string(fields.text("name")), std::string(fields.text("mountPath")),
                   fields.flag("readOnly").value_or(false)};
  fields.each_value([&](std::string_view key, const dom::element&) {
    mount.says_more |= key != "name" && key != "mountPath" && key != "readOnly";
  });
  return mount;
}

ContainerShape shape_of_container(const JsonFields& fields, bool is_init) {
  ContainerShape container;
  container.name = fields.text("name");
  container.is_init = is_init;
  fields.each("volumeMounts", kMaxPodVolumes,
              [&](const JsonFields& mount) { container.mounts.push_back(shape_of_mount(mount)); });
  if (!is_reserved(container.name)) return container;
  container.image = fields.text("image");
  container.command = fields.texts("command");
  container.args = fields.texts("args");
  fields.each_value([&](std::string_view key, const dom::element& value) {
    const bool is_told = key == "name" || key == "image" || key == "command" || key == "args" || key == "volumeMounts";
    if (!is_told) add_settings(path_below({}, key), value, container.settings);
  });
  return container;
}

VolumeShape shape_of_volume(const JsonFields& fields) {
  const JsonFields image = fields.object("image");
  const JsonFields empty = fields.object("emptyDir");
  VolumeShape volume;
  volume.name = fields.text("name");
  fields.each_value([&](std::string_view key, const dom::element&) {
    if (key != "name") volume.sources.emplace_back(key);
  });
  volume.image = image.text("reference");
  volume.has_medium = !empty.text("medium").empty();
  if (volume.name != names::kServerTokenVolume) return volume;
  fields.each_value([&](std::string_view key, const dom::element& value) {
    if (key != "name") add_settings(path_below({}, key), value, volume.settings);
  });
  return volume;
}

PodShape shape_of(const JsonFields& spec) {
  PodShape pod;
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    spec.each(list, kMaxPodContainers, [&](const JsonFields& container) {
      pod.containers.push_back(shape_of_container(container, list == "initContainers"));
    });
  }
  spec.each("volumes", kMaxPodVolumes,
            [&](const JsonFields& volume) { pod.volumes.push_back(shape_of_volume(volume)); });
  return pod;
}

// Which bits of an image the gate looked at, as far as the kubelet says it.
std::string scanned_id(const GatedImage& image, const std::vector<Container>& own) {
  if (!image.is_collected) {
    const StringMap& volumes = own.back().status.volume_images;
    const auto bits = volumes.find(std::string(names::kImageVolume) + image.number);
    return bits == volumes.end() ? std::string() : bits->second;
  }
  const auto collector = std::find_if(own.begin(), own.end(), [&](const Container& one) {
    return one.name == std::string(names::kCollect) + image.number;
  });
  return collector == own.end() ? std::string() : collector->status.image_id;
}

}  // namespace

void set_own_apart(const JsonFields& spec, Pod& pod) {
  if (std::none_of(pod.containers.begin(), pod.containers.end(), is_own)) return;
  GateJudgement judgement = judge_gate(shape_of(spec), nullptr);
  pod.gate_problem = std::move(judgement.problem);
  if (!pod.gate_problem.empty()) return;
  Gate gate;
  std::copy_if(pod.containers.begin(), pod.containers.end(), std::back_inserter(gate.containers), is_own);
  for (const GatedImage& image : judgement.images) {
    gate.scanned.push_back({image.reference, scanned_id(image, gate.containers)});
  }
  std::erase_if(pod.containers, is_own);
  pod.gate = std::move(gate);
}

}  // namespace initscan::audit
