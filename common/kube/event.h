#pragma once

#include "common/kube/client.h"

#include <chrono>
#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan {

// What an Event is about.
struct EventObject {
  std::string api_version;
  std::string kind;
  std::string namespace_;
  std::string name;
  std::string uid;
};

// An Event of the API, which `kubectl describe` shows of its object, in the object's namespace.
struct KubeEvent {
  std::string name;
  EventObject about;
  std::string reason;   // a word for programs: "ScanFailed"
  std::string message;  // for people; the API takes 1,024 bytes
  bool is_warning = false;
  std::string component;  // who says it
  std::size_t count = 1;
};

nlohmann::json event_json(const KubeEvent& event, std::chrono::sys_seconds now);

/// Creates it.
KubeRequest creation_of(const KubeEvent& event, std::chrono::sys_seconds now);

}  // namespace initscan
