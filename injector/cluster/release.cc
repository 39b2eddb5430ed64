#include "injector/cluster/release.h"

#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/kube/event.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "injector/cluster/gate_outcome.h"

#include <algorithm>
#include <array>

#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr unsigned kPage = 250;
constexpr unsigned kConflict = 409;
constexpr unsigned kNotFound = 404;

struct ReplacingKind {
  const char* api_group;
  const char* kind;
};

bool replaces_pods(const Json& owner) {
  constexpr std::array<ReplacingKind, 3> kKinds{
      {{"apps/", "ReplicaSet"}, {"apps/", "StatefulSet"}, {"apps/", "DaemonSet"}}};
  return std::any_of(kKinds.begin(), kKinds.end(), [&](const ReplacingKind& known) {
    return text_in(owner, "apiVersion").starts_with(known.api_group) && text_in(owner, "kind") == known.kind;
  });
}

const Json* controller_of(const Json& metadata) {
  for (const Json& owner : list_in(metadata, "ownerReferences")) {
    if (flag_in(owner, "controller")) return &owner;
  }
  return nullptr;
}

}  // namespace

std::optional<Release> release_of(const Json& pod, const InjectorConfig& next, std::chrono::sys_seconds born_before) {
  const Json& metadata = object_in(pod, "metadata");
  const Json* const owner = controller_of(metadata);
  if (owner == nullptr || !replaces_pods(*owner) || metadata.contains("deletionTimestamp")) return std::nullopt;
  const auto born = parse_rfc3339(text_in(metadata, "creationTimestamp"));
  if (!born || *born > born_before) return std::nullopt;
  const std::string outdated = outdated_part(pod, next);
  if (outdated.empty() || !is_blocked(pod)) return std::nullopt;
  Release release{
      text_in(metadata, "namespace"),
      text_in(metadata, "name"),
      text_in(metadata, "uid"),
      text_in(metadata, "resourceVersion"),
      {text_in(*owner, "apiVersion"), text_in(*owner, "kind"), text_in(*owner, "name"), text_in(*owner, "uid")},
      outdated + " has changed since the pod was refused"};
  if (release.name.empty() || release.uid.empty() || release.resource_version.empty()) return std::nullopt;
  return release;
}

asio::awaitable<Result<std::vector<Release>>> Releaser::find(const std::string& namespace_name) {
  std::vector<Release> found;
  const auto next = settings_.for_namespace(namespace_name);
  const auto born_before = current_time() - age_;
  // A pod that is blocked has never been ready: its phase is Pending.
  const auto listed = co_await client_.list(
      "/api/v1/namespaces/" + escape_segment(namespace_name) + "/pods?fieldSelector=status.phase%3DPending", kPage,
      [&](const std::string& body, bool first) -> Result<void> {
        if (first) found.clear();
        const Json page = json_or_null(body);
        for (const Json& pod : list_in(page, "items")) {
          if (auto release = release_of(pod, *next, born_before); release && release->namespace_name == namespace_name)
            found.push_back(std::move(*release));
        }
        return {};
      });
  if (!listed) co_return listed.error();
  co_return found;
}

asio::awaitable<Result<void>> Releaser::release(const Release& release) {
  KubeRequest request;
  request.method = "DELETE";
  request.path =
      "/api/v1/namespaces/" + escape_segment(release.namespace_name) + "/pods/" + escape_segment(release.name);
  request.body =
      json_text(Json{{"apiVersion", "v1"},
                     {"kind", "DeleteOptions"},
                     {"preconditions", {{"uid", release.uid}, {"resourceVersion", release.resource_version}}}});
  request.once = true;
  const auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == kConflict || reply->status == kNotFound) co_return Result<void>{};  // it is another by now
  if (!reply->ok()) co_return refusal(request, *reply);
  spdlog::info("deleted a blocked pod namespace={} pod={}: {}", release.namespace_name, release.name, release.why);
  co_return co_await tell(release);
}

// On the controller: no one would look for a pod that is gone.
asio::awaitable<Result<void>> Releaser::tell(const Release& release) {
  const Owner& owner = release.owner;
  const KubeEvent event{"initscan-released." + release.uid,
                        {owner.api_version, owner.kind, release.namespace_name, owner.name, owner.uid},
                        "BlockedPodReleased",
                        "deleted pod " + release.name +
                            ", which the scan had refused, so that a new one is created and scanned: " + release.why,
                        false,
                        component_};
  KubeRequest request = creation_of(event, current_time());
  const auto written = co_await client_.demand(std::move(request));
  if (!written) co_return written.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Releaser::run() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_round_) co_return Result<void>{};
  next_round_ = now + age_ / 2;
  Result<void> worst = Result<void>{};
  std::size_t count = 0;
  for (const std::string& namespace_name : settings_.settled_namespaces()) {
    const auto found = co_await find(namespace_name);
    if (!found) {
      worst = found.error();
      continue;
    }
    for (const Release& blocked : *found) {
      if (count++ == kMaxReleased) co_return worst;
      if (auto released = co_await release(blocked); !released) worst = released.error();
    }
  }
  co_return worst;
}

}  // namespace initscan::injector
