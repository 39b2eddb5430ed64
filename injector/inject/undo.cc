#include "injector/inject/undo.h"

#include "common/json/parse.h"
#include "common/names.h"
#include "injector/pod/pull_policy.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kNotes = "before";
constexpr const char* kEmpty = "empty";

// What an earlier patch has noted; anyone may have written it.
Json notes_of(const Pod& pod) {
  if (pod.status.empty()) return Json::object();
  const Json status = json_or_null(pod.status);
  const auto notes = status.is_object() ? status.find(kNotes) : status.end();
  return status.is_object() && notes != status.end() && notes->is_object() ? *notes : Json::object();
}

// The policy that was noted for a name: "" for one that was not given; nullptr if there is no note.
const std::string* noted_policy(const Json& notes, const char* list, const std::string& name) {
  const auto policies = notes.find(list);
  if (policies == notes.end() || !policies->is_object()) return nullptr;
  const auto policy = policies->find(name);
  if (policy == policies->end() || !policy->is_string()) return nullptr;
  const std::string& text = policy->get_ref<const std::string&>();
  return text.empty() || text == kPullAlways ? &text : nullptr;
}

bool is_noted_empty(const Json& notes, const char* what) {
  const auto empty = notes.find(kEmpty);
  return empty != notes.end() && empty->is_array() &&
         std::find(empty->begin(), empty->end(), Json(what)) != empty->end();
}

void note_pulls(Json& notes, const Json& earlier, const Pod& pod) {
  for (const Pull& pull : pulls_of(pod)) {
    if (is_pulled_anew(pull.image, settled_pull_policy(pull.image, pull.policy))) {
      notes[pull.list][pull.name] = pull.policy;
    } else if (const auto* const noted = noted_policy(earlier, pull.list, pull.name);
               noted != nullptr && pull.policy == kPullIfNotPresent) {
      notes[pull.list][pull.name] = *noted;
    }
  }
}

template <class Item>
bool is_ours(const Item& item) {
  return !item.json.empty();
}

// Removes what has our names, from the back so that earlier positions stay valid; a list of nothing else is removed as
// a whole.
template <class Item>
void remove_reserved(PatchOperations& patch, const std::vector<Item>& items, const std::string& list, bool was_there) {
  if (!items.empty() && std::all_of(items.begin(), items.end(), is_ours<Item>)) {
    patch.push_back(removal(list));
    if (was_there) patch.push_back(addition(list, Json::array()));
    return;
  }
  for (std::size_t i = items.size(); i-- > 0;) {
    if (is_ours(items[i])) patch.push_back(removal(list + '/' + std::to_string(i)));
  }
}

// Removes the mounts of our volumes from the pod's own containers.
void remove_mounts(PatchOperations& patch, const std::vector<Container>& containers, const std::string& list) {
  const auto is_of_ours = [](const Mount& mount) { return mount.volume.starts_with(names::kReserved); };
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const auto& mounts = containers[i].mounts;
    if (is_ours(containers[i]) || mounts.empty()) continue;
    const std::string place = list + '/' + std::to_string(i) + "/volumeMounts";
    if (std::all_of(mounts.begin(), mounts.end(), is_of_ours)) {
      patch.push_back(removal(place));
      continue;
    }
    for (std::size_t m = mounts.size(); m-- > 0;) {
      if (is_of_ours(mounts[m])) patch.push_back(removal(place + '/' + std::to_string(m)));
    }
  }
}

void restore_pulls(PatchOperations& patch, const Json& notes, const Pod& pod) {
  for (const Pull& pull : pulls_of(pod)) {
    const auto* const noted = noted_policy(notes, pull.list, pull.name);
    if (noted == nullptr || pull.policy != kPullIfNotPresent) continue;
    patch.push_back(noted->empty() ? removal(pull.path) : addition(pull.path, *noted));
  }
}

// A field of the metadata that may hold one entry of ours.
struct Field {
  const char* name;
  const char* pointer;  // of our entry
  bool has_ours;
  bool has_others;
};

bool was_there(const Field& field, const Json& notes) {
  return field.has_others || is_noted_empty(notes, field.name);
}

void remove_metadata(PatchOperations& patch, const Json& notes, const Pod& pod) {
  const std::array<Field, 2> fields{
      {{"annotations", names::kStatusPointer, !pod.status.empty(), pod.annotations > (pod.status.empty() ? 0 : 1)},
       {"labels", names::kInjectedPointer, pod.injected == names::kInjectedValue, pod.labels > 1}}};
  const auto added = static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(), [&](const Field& field) { return field.has_ours && !was_there(field, notes); }));
  const auto ours = std::count_if(fields.begin(), fields.end(), [](const Field& field) { return field.has_ours; });
  if (ours > 0 && added == pod.metadata_fields && !is_noted_empty(notes, "metadata")) {
    return patch.push_back(removal("/metadata"));
  }
  for (const Field& field : fields) {
    if (!field.has_ours) continue;
    const std::string place = std::string("/metadata/") + field.name;
    patch.push_back(removal(field.has_others ? field.pointer : place));
    if (!field.has_others && was_there(field, notes)) patch.push_back(addition(place, Json::object()));
  }
}

}  // namespace

Json undo_notes(const Pod& pod, bool keeps_pull_policies) {
  const Json earlier = notes_of(pod);
  Json notes = Json::object();
  if (!keeps_pull_policies) note_pulls(notes, earlier, pod);
  const std::array<std::pair<const char*, bool>, 5> places{
      {{"metadata", pod.has_metadata && pod.metadata_fields == 0},
       {"annotations", pod.has_annotations && pod.annotations == 0},
       {"labels", pod.has_labels && pod.labels == 0},
       {"initContainers", pod.has_init_containers && pod.init_containers.empty()},
       {"volumes", pod.has_volumes && pod.volumes.empty()}}};
  for (const auto& [what, is_empty] : places) {
    if (is_empty || is_noted_empty(earlier, what)) notes[kEmpty].push_back(what);
  }
  return notes;
}

void undo(PatchOperations& patch, const Pod& pod) {
  const Json notes = notes_of(pod);
  remove_mounts(patch, pod.init_containers, "/spec/initContainers");
  remove_mounts(patch, pod.containers, "/spec/containers");
  restore_pulls(patch, notes, pod);
  remove_reserved(patch, pod.init_containers, "/spec/initContainers", is_noted_empty(notes, "initContainers"));
  remove_reserved(patch, pod.volumes, "/spec/volumes", is_noted_empty(notes, "volumes"));
  remove_metadata(patch, notes, pod);
}

}  // namespace initscan::injector
