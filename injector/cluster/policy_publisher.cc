#include "injector/cluster/policy_publisher.h"

#include "common/rfc3339.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::chrono::minutes kGrace{10};
constexpr std::string_view kUntil = "until ";
constexpr std::string_view kPinned = "pinned";

bool is_ours(std::string_view key) {
  return key.starts_with("policy.") || key.starts_with("opt-out.");
}

}  // namespace

Json publication(const Json& data, const AcceptedKeys& accepted, std::chrono::sys_seconds now) {
  Json change = Json::object();
  for (const auto& [key, name] : accepted) {
    const auto there = data.find(key);
    if (there == data.end() || *there != Json(name)) change[key] = name;
  }
  for (const auto& [key, value] : data.items()) {
    if (!is_ours(key) || accepted.contains(key) || value == Json(kPinned)) continue;
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (!text.starts_with(kUntil)) {
      change[key] = std::string(kUntil) + format_rfc3339(now + kGrace);
      continue;
    }
    const auto end = parse_rfc3339(text.substr(kUntil.size()));
    if (!end || *end <= now) change[key] = nullptr;
  }
  return change;
}

std::vector<std::string> published_keys(const Json& data) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : data.items()) {
    if (is_ours(key)) keys.push_back(key);
  }
  return keys;
}

asio::awaitable<Result<void>> publish(KubeClient& client, std::string path, AcceptedKeys accepted) {
  KubeRequest request;
  request.path = std::move(path);
  auto reply = co_await client.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == 404) co_return Result<void>{};  // no final-state policy here
  if (!reply->ok()) co_return refusal(request, *reply);
  const Json data = reply->object.value("data", Json::object());
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Json change = publication(data, accepted, now);
  if (change.empty()) co_return Result<void>{};
  const std::string version = reply->object["metadata"].value("resourceVersion", "");
  request.method = "PATCH";
  request.content_type = "application/merge-patch+json";
  request.body = Json{{"metadata", {{"resourceVersion", version}}}, {"data", change}}.dump();
  auto patched = co_await client.demand(std::move(request));
  if (!patched) co_return patched.error();
  co_return Result<void>{};
}

}  // namespace initscan
