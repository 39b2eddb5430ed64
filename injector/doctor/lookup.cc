#include "injector/doctor/lookup.h"

#include "common/gate/server_arguments.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "injector/doctor/forbidden.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr unsigned kPage = 500;

std::string first_word(const std::string& text) {
  return text.substr(0, text.find(' '));
}

}  // namespace

asio::awaitable<Found> find_one(KubeClient& client, std::string path) {
  KubeRequest request;
  request.path = std::move(path);
  auto reply = co_await client.ask(request);
  if (!reply) co_return Found{nullptr, {reply.error().text, {}}};
  if (reply->status == 404) co_return Found{};
  if (!reply->ok()) co_return Found{nullptr, failure_of(refusal(request, *reply), right_to("get", request.path))};
  co_return Found{std::move(reply->object), {}};
}

asio::awaitable<FoundList> find_all(KubeClient& client, std::string path) {
  FoundList found;
  auto listed = co_await client.list(path, kPage, [&](const std::string& body, bool first) -> Result<void> {
    if (first) found.items.clear();
    const Json page = json_or_null(body);
    if (!page.is_object()) return Error{Errc::malformed, path + ": no list"};
    for (const Json& item : list_in(page, "items")) found.items.push_back(item);
    return {};
  });
  if (!listed && listed.error().code != Errc::not_found)
    found.failure = failure_of(listed.error(), right_to("list", path));
  co_return found;
}

asio::awaitable<FollowedCluster> follow_once(KubeClient& client, const Found& parameters, DeployedArguments said,
                                             Mode best) {
  FollowedCluster cluster;
  const Json& data = object_in(parameters.object, "data");
  InjectorConfig base;
  base.image = text_in(data, "image");
  base.index_image = first_word(text_in(data, "indexImages"));
  base.servers = servers_of_word(first_word(text_in(data, kGateServersKey)));
  base.allow_pod_opt_out = said.allow_pod_opt_out;
  base.assigned_user = said.assigned_user;
  base.volumes_only = said.volumes_only;
  const Policy policy = built_in_policy();
  base.policy_name = policy.name;
  cluster.settings = std::make_unique<ClusterSettings>(base, policy, said.mode, best);

  cluster.namespaces = co_await find_all(client, "/api/v1/namespaces");
  cluster.settings->replace(SettingsKind::namespace_, cluster.namespaces.items);
  for (const auto& [kind, path] : {std::pair(SettingsKind::cluster_policy, names::kClusterPoliciesPath),
                                   std::pair(SettingsKind::namespace_policy, names::kPoliciesPath),
                                   std::pair(SettingsKind::exemption, names::kExemptionsPath)}) {
    FoundList found = co_await find_all(client, path);
    if (!found.failure.empty()) cluster.failure = found.failure;
    cluster.settings->replace(kind, found.items);
  }
  co_return cluster;
}

}  // namespace initscan::injector
