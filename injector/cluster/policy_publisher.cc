#include "injector/cluster/policy_publisher.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/text/join.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "injector/cluster/accepted_images.h"

#include <algorithm>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::string_view kUntil = "until ";
constexpr std::string_view kPinned = "pinned";
constexpr std::string_view kPolicy = "policy.";

// Accepts what pods bring: kept for a while after it is no longer wanted.
bool has_grace(std::string_view key) {
  return key.starts_with(kPolicy) || key.starts_with("opt-out.");
}

// Not for people to say; what they do say of it does not outlive the settings that it follows from.
bool follows_settings(std::string_view key) {
  return key.starts_with("own.") || key.starts_with("digest.") || key.starts_with("debug.");
}

}  // namespace

Json publication(const Json& data, const Json& source, const AcceptedKeys& accepted, std::chrono::sys_seconds now) {
  const auto is_said = [&](const std::string& key) {
    const auto there = source.find(key);
    return there != source.end() && !follows_settings(key) && (!has_grace(key) || *there == Json(kPinned));
  };
  Json wanted = Json::object();
  for (const auto& [key, name] : accepted) wanted[key] = name;
  for (const auto& [key, value] : source.items()) {
    if (is_said(key) && !follows_from_the_rest(key)) wanted[key] = value;
  }
  add_images(data, source, now, wanted);
  add_servers(data, accepted, now, wanted);

  Json change = Json::object();
  for (const auto& [key, value] : wanted.items()) {
    const auto there = data.find(key);
    if (there == data.end() || *there != value) change[key] = value;
  }
  for (const auto& [key, value] : data.items()) {
    if (wanted.contains(key)) continue;
    if (!has_grace(key)) {
      change[key] = nullptr;
      continue;
    }
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (!text.starts_with(kUntil)) {
      change[key] = std::string(kUntil) + format_rfc3339(now + kAcceptanceGrace);
      continue;
    }
    const auto end = parse_rfc3339(text.substr(kUntil.size()));
    if (!end || *end <= now) change[key] = nullptr;
  }
  return change;
}

Json additions(const Json& data, const AcceptedKeys& accepted) {
  Json change = Json::object();
  for (const auto& [key, name] : accepted) {
    if (key.starts_with(kPolicy) && !data.contains(key)) change[key] = name;
  }
  std::vector<std::string> servers = published_servers(data);
  if (const std::string own = servers_in(accepted); std::find(servers.begin(), servers.end(), own) == servers.end()) {
    servers.push_back(own);
    change[kGateServersKey] = join(servers, " ");
  }
  return change;
}

std::vector<std::string> published_keys(const Json& data) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : data.items()) {
    if (has_grace(key) || key.starts_with("own.")) keys.push_back(key);
  }
  return keys;
}

asio::awaitable<Result<void>> publish(KubeClient& client, FinalStatePlace place, AcceptedKeys accepted, bool leads) {
  KubeRequest request;
  request.path = place.config_map();
  auto said = co_await client.ask(request);
  if (!said) co_return said.error();
  if (!said->ok() && said->status != 404) co_return refusal(request, *said);
  const bool is_said = said->ok();

  request.path = place.collection() + '/' + place.name;
  auto reply = co_await client.ask(request);
  if (!reply) co_return reply.error();
  const bool is_new = reply->status == 404;
  if (is_new && (!is_said || !leads)) co_return Result<void>{};  // no final-state policy here, or not yet
  if (!is_new && !reply->ok()) co_return refusal(request, *reply);

  const Json data = is_new ? Json::object() : object_in(reply->object, "data");
  const Json source = is_said ? object_in(said->object, "data") : data;
  const auto now = current_time();
  const Json change = leads ? publication(data, source, accepted, now) : additions(data, accepted);
  if (change.empty()) co_return Result<void>{};
  if (is_new) {
    request.method = "POST";
    request.path = place.collection();
    request.body = json_text(Json{{"apiVersion", names::kApiVersion},
                                  {"kind", "FinalState"},
                                  {"metadata",
                                   {{"name", place.name},
                                    {"namespace", place.namespace_},
                                    {"labels", {{"app.kubernetes.io/part-of", "initscan"}}}}},
                                  {"data", change}});
  } else {
    const std::string version = text_in(object_in(reply->object, "metadata"), "resourceVersion");
    request.method = "PATCH";
    request.content_type = "application/merge-patch+json";
    request.body = json_text(Json{{"metadata", {{"resourceVersion", version}}}, {"data", change}});
  }
  auto stored = co_await client.demand(std::move(request));
  if (!stored) co_return stored.error();
  co_return Result<void>{};
}

}  // namespace initscan::injector
