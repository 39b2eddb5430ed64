#include "injector/admission/guards.h"

#include "common/json/element.h"
#include "common/names.h"
#include "injector/pod/pod.h"

#include <map>
#include <string_view>

namespace initscan::injector {
namespace {

namespace dom = simdjson::dom;

// What a namespace says to us, sorted.
std::map<std::string_view, std::string_view> ours_in(const dom::element& object, const char* where) {
  std::map<std::string_view, std::string_view> ours;
  dom::object all;
  if (object["metadata"][where].get(all) != simdjson::SUCCESS) return ours;
  for (const auto& [key, value] : all) {
    std::string_view text;
    if (key.starts_with(names::kKeys) && value.get(text) == simdjson::SUCCESS) ours[key] = text;
  }
  return ours;
}

}  // namespace

std::optional<Objection> object_to_connection(const dom::element& options) {
  if (!text_in(options, "container").starts_with(names::kReserved)) return std::nullopt;
  return Objection{Reason::connection,
                   std::string("no command may run in its containers and nothing may be attached to them, because they "
                               "decide whether the pod starts; see kubectl logs POD -c ") +
                       names::kGate};
}

std::optional<Objection> object_to_namespace(const dom::element& now, const dom::element& before) {
  if (ours_in(now, "labels") == ours_in(before, "labels") &&
      ours_in(now, "annotations") == ours_in(before, "annotations")) {
    return std::nullopt;
  }
  return Objection{Reason::namespace_changed, "a namespace's labels and annotations that start with " +
                                                  std::string(names::kKeys) +
                                                  " may be changed only by those who hold the verb bypass on " +
                                                  names::kPolicyResource + " for the whole cluster"};
}

}  // namespace initscan::injector
