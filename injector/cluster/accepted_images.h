#pragma once

#include "injector/cluster/settings.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

// How long what pods may bring stays accepted once it is no longer wanted: they may be on their way with it.
inline constexpr std::chrono::minutes kAcceptanceGrace{10};

/// Adds to `wanted`, the data of the FinalState that is to be, the lists of images that pods may bring: what people say
/// in `source`, the image that pods get whether or not it is in the list, and what was in `data` before, during the
/// grace period. So an upgrade denies nothing while old and new replicas run side by side, each with its own image. The
/// end of each of the latter is kept with them, as UNTIL=IMAGE.
void add_images(const nlohmann::json& data, const nlohmann::json& source, std::chrono::sys_seconds now,
                nlohmann::json& wanted);

/// The same of what gates are told of servers, each as one word: what is `accepted` now, which may be nothing, and what
/// was in `data` before.
void add_servers(const nlohmann::json& data, const AcceptedKeys& accepted, std::chrono::sys_seconds now,
                 nlohmann::json& wanted);

/// Whether a key is that of such times, or of servers: none of them is for people to say.
bool follows_from_the_rest(std::string_view key);

/// What gates are told of servers, as one word.
std::string servers_in(const AcceptedKeys& accepted);

/// Those that are accepted: never none, because a gate may be told of no servers where nothing is said.
std::vector<std::string> published_servers(const nlohmann::json& data);

/// The images of initscan that are accepted.
std::vector<std::string> published_images(const nlohmann::json& data);

}  // namespace initscan::injector
