#include "injector/inject/patch.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/version.h"
#include "injector/inject/hardening.h"
#include "injector/inject/own_containers.h"
#include "injector/inject/undo.h"
#include "injector/pod/pull_policy.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

// Whether a pod insists on nodes none of which `is_meant` accepts.
bool excludes(const std::vector<Choices>& demands, const std::function<bool(const std::string&)>& is_meant) {
  return std::any_of(demands.begin(), demands.end(),
                     [&](const Choices& choices) { return std::none_of(choices.begin(), choices.end(), is_meant); });
}

std::optional<Reason> reason_to_skip(const Pod& pod, const InjectorConfig& config) {
  const auto& excluded = config.excluded_namespaces;
  const auto& built = config.architectures;
  if (pod.is_mirror) return Reason::mirror;
  if (std::find(excluded.begin(), excluded.end(), pod.namespace_) != excluded.end()) return Reason::excluded_namespace;
  if (excludes(pod.systems, [](const std::string& system) { return system != "windows"; })) { return Reason::windows; }
  const auto is_built = [&](const std::string& name) {
    return std::find(built.begin(), built.end(), name) != built.end();
  };
  if (!built.empty() && excludes(pod.architectures, is_built)) return Reason::architecture;
  if (config.allow_pod_opt_out && pod.opt_out == "disabled") return Reason::opted_out;
  return std::nullopt;
}

// Removes what a LimitRange adds besides cpu and memory, and the empty objects that the API server writes where
// nothing is asked for. Each amount of cpu and memory is ours; a device driver could change a container.
void without_added_resources(Json& container) {
  const auto resources = container.find("resources");
  if (resources == container.end() || !resources->is_object()) return;
  for (const char* const kind : {"requests", "limits"}) {
    const auto amounts = resources->find(kind);
    if (amounts == resources->end() || !amounts->is_object()) continue;
    for (auto amount = amounts->begin(); amount != amounts->end();) {
      amount = amount.key() == "ephemeral-storage" ? amounts->erase(amount) : std::next(amount);
    }
    if (amounts->empty()) resources->erase(amounts);
  }
  if (resources->empty()) container.erase(resources);
}

bool is_over_token(const Json& mount) {
  return text_in(mount, "mountPath") == names::kTokenMount;
}

// Takes away the service account's token, but for where we have a mount in its place.
void without_token(Json& container, const Json& want) {
  const auto mounts = container.find("volumeMounts");
  if (mounts == container.end() || !mounts->is_array()) return;
  const Json& ours = want["volumeMounts"];
  if (std::any_of(ours.begin(), ours.end(), is_over_token)) return;
  const auto is_addition = [](const Json& mount) {
    return is_over_token(mount) && flag_in(mount, "readOnly") && mount.size() == 3;
  };
  mounts->erase(std::remove_if(mounts->begin(), mounts->end(), is_addition), mounts->end());
}

// Takes away what the API server adds to a container after we made it.
Json without_additions(Json container, const Json& want) {
  without_token(container, want);
  if (Json& context = container["securityContext"]; context.is_object()) {
    for (const char* const who : {"runAsUser", "runAsGroup"}) {
      if (!want["securityContext"].contains(who)) context.erase(who);
    }
  }
  without_added_resources(container);
  return container;
}

bool is_same(const std::string& text, const Json& want) {
  const Json actual = Json::parse(text, nullptr, false);
  return actual.is_object() &&
         (actual == want || (want.contains("securityContext") && without_additions(actual, want) == want));
}

// Whether `have` starts with exactly `want` and has no other reserved name.
bool has_in_front(const std::vector<Container>& have, const std::vector<Json>& want) {
  if (have.size() < want.size()) return false;
  for (std::size_t i = 0; i < have.size(); ++i) {
    const bool is_reserved = !have[i].json.empty();
    if (i < want.size() ? !is_reserved || !is_same(have[i].json, want[i]) : is_reserved) return false;
  }
  return true;
}

// Whether the reserved volumes are exactly `want`, in any order among others.
bool has_all(const std::vector<Volume>& have, const std::vector<Json>& want) {
  std::size_t reserved = 0;
  for (const Volume& volume : have) {
    if (volume.json.empty()) continue;
    ++reserved;
    if (std::none_of(want.begin(), want.end(), [&](const Json& w) { return is_same(volume.json, w); })) return false;
  }
  return reserved == want.size();
}

// Removes what has our names, from the back so that earlier positions stay valid.
template <class Item>
void remove_reserved(PatchOperations& patch, const std::vector<Item>& items, const std::string& list) {
  for (std::size_t i = items.size(); i-- > 0;) {
    if (!items[i].json.empty()) patch.push_back(removal(list + '/' + std::to_string(i)));
  }
}

void put_containers(PatchOperations& patch, const Pod& pod, std::vector<Json> containers) {
  const std::string list = "/spec/initContainers";
  if (!pod.has_init_containers) return patch.push_back(addition(list, std::move(containers)));
  remove_reserved(patch, pod.init_containers, list);
  for (std::size_t i = 0; i < containers.size(); ++i) {
    patch.push_back(addition(list + '/' + std::to_string(i), std::move(containers[i])));
  }
}

void put_volumes(PatchOperations& patch, const Pod& pod, std::vector<Json> volumes) {
  const std::string list = "/spec/volumes";
  if (!pod.has_volumes) return patch.push_back(addition(list, std::move(volumes)));
  remove_reserved(patch, pod.volumes, list);
  for (Json& volume : volumes) patch.push_back(addition(list + "/-", std::move(volume)));
}

// A field of the metadata with one entry of ours.
struct Entry {
  const char* field;
  const char* key;
  const char* pointer;
  std::string value;
};

void put_entry(PatchOperations& patch, const Entry& entry, bool has_field) {
  if (has_field) return patch.push_back(addition(entry.pointer, entry.value));
  patch.push_back(addition(std::string("/metadata/") + entry.field, Json{{entry.key, entry.value}}));
}

bool is_labelled(const Pod& pod) {
  return pod.injected == names::kInjectedValue;
}

void put_label(PatchOperations& patch, const Pod& pod) {
  if (is_labelled(pod)) return;
  if (!pod.has_metadata) {
    return patch.push_back(addition("/metadata", {{"labels", {{names::kInjected, names::kInjectedValue}}}}));
  }
  put_entry(patch, {"labels", names::kInjected, names::kInjectedPointer, names::kInjectedValue}, pod.has_labels);
}

void put_metadata(PatchOperations& patch, const Pod& pod, const std::string& status) {
  if (!pod.has_metadata) {
    patch.push_back(addition("/metadata", {{"annotations", {{names::kStatus, status}}},
                                           {"labels", {{names::kInjected, names::kInjectedValue}}}}));
    return;
  }
  if (pod.status != status) {
    put_entry(patch, {"annotations", names::kStatus, names::kStatusPointer, status}, pod.has_annotations);
  }
  put_label(patch, pod);
}

// A container that mounts what is ours could change the scanner for the next time that its pod starts.
Result<void> check(const Container& container) {
  const std::string place = "container \"" + container.name + '"';
  if (container.image.empty()) return Error{Errc::malformed, place + " has no image"};
  if (container.name.starts_with(names::kReserved)) return {};
  for (const Mount& mount : container.mounts) {
    if (!mount.volume.starts_with(names::kReserved) || mount.volume.starts_with(names::kWritableVolume)) continue;
    return Error{Errc::malformed, place + " mounts \"" + mount.volume + "\": that volume is initscan's own"};
  }
  return {};
}

Result<void> check(const Pod& pod) {
  for (const auto* const list : {&pod.init_containers, &pod.containers}) {
    for (const Container& container : *list) {
      if (auto checked = check(container); !checked) return checked;
    }
  }
  for (const Container& container : pod.containers) {
    if (container.name.starts_with(names::kReserved)) {
      return Error{Errc::malformed, "container \"" + container.name + "\": names that start with \"" +
                                        std::string(names::kReserved) + "\" are reserved for initscan; choose another"};
    }
  }
  return {};
}

}  // namespace

Result<PodPatch> patch_pod(const Pod& pod, const InjectorConfig& config) {
  if (const auto reason = reason_to_skip(pod, config)) return PodPatch{{}, *reason};
  if (auto checked = check(pod); !checked) return checked.error();
  const std::vector<ScannedImage> images = images_of(pod, config);
  if (images.size() > kMaxImages) {
    return Error{Errc::over_limit, "more than " + std::to_string(kMaxImages) + " distinct images"};
  }

  // Where a namespace only reports, a refused image runs anyway.
  if (config.volumes_only && !config.only_reports) {
    if (const std::string need = need_of_collectors(pod, images, config); !need.empty()) {
      return Error{Errc::unsupported, need};
    }
  }

  OwnParts parts = own_parts(pod, images, config);
  PatchOperations patch;
  // What counts the pod's containers as they are goes before what moves them.
  for (Json& volume : harden(patch, pod, config.hardening)) parts.volumes.push_back(std::move(volume));
  if (!config.always_pull) keep_what_was_scanned(patch, pod);
  if (!has_in_front(pod.init_containers, parts.containers)) put_containers(patch, pod, std::move(parts.containers));
  if (!has_all(pod.volumes, parts.volumes)) put_volumes(patch, pod, std::move(parts.volumes));
  if (patch.empty()) {
    put_label(patch, pod);
    return PodPatch{std::move(patch), Reason::unchanged};
  }

  Json status{{"version", kVersion},
              {"mode", to_string(config.mode)},
              {"policy", config.policy_name},
              {"images", images.size()}};
  if (Json notes = undo_notes(pod, config.always_pull); !notes.empty()) status["before"] = std::move(notes);
  put_metadata(patch, pod, json_text(status));
  return PodPatch{std::move(patch), Reason::injected};
}

PodPatch unpatch_pod(const Pod& pod) {
  PatchOperations patch;
  undo(patch, pod);
  const Reason reason = patch.empty() ? Reason::unchanged : Reason::removed;
  return {std::move(patch), reason};
}

}  // namespace initscan::injector
