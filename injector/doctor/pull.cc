#include "injector/doctor/pull.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/text/join.h"
#include "injector/cluster/objects.h"
#include "injector/doctor/forbidden.h"
#include "injector/doctor/trial.h"
#include "injector/pod/pod.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr const char* kPull = "image pull";
constexpr const char* kProbe = "probe pod";
constexpr std::size_t kMaxNamed = 5;
constexpr std::chrono::seconds kBetweenLooks{1};

std::string name_in(const Json& object, const char* key) {
  return text_in(object_in(object, "metadata"), key);
}

bool has_secrets(const Json& object) {
  return !list_in(object, "imagePullSecrets").empty();
}

// Labelled namespaces whose pods get no secret unless they name one.
std::vector<std::string> without_secrets(const FoundList& accounts, const FoundList& namespaces) {
  std::vector<std::string> names;
  for (const Json& namespace_object : namespaces.items) {
    const std::string name = name_in(namespace_object, "name");
    const bool has_some = std::any_of(accounts.items.begin(), accounts.items.end(), [&](const Json& account) {
      return name_in(account, "namespace") == name && has_secrets(account);
    });
    if (read_namespace(namespace_object).injected && !has_some) names.push_back(name);
  }
  return names;
}

bool has_been_pulled(const Json& status) {
  const Json& state = object_in(status, "state");
  return state.contains("running") || state.contains("terminated") ||
         object_in(status, "lastState").contains("terminated");
}

bool is_of_pulling(const std::string& reason) {
  return reason == "ErrImagePull" || reason == "ImagePullBackOff" || reason == "InvalidImageName" ||
         reason == "ErrImageNeverPull" || reason == "RegistryUnavailable";
}

// Why a pod is not on a node yet, in the scheduler's words.
std::string why_it_waits(const Json& pod) {
  for (const Json& condition : list_in(object_in(pod, "status"), "conditions")) {
    if (text_in(condition, "type") == "PodScheduled" && text_in(condition, "status") == "False") {
      return text_in(condition, "message");
    }
  }
  return "its kubelet has not reported what became of the image";
}

asio::awaitable<CheckItem> watch_probe(KubeClient& client, const std::string& namespace_name, const std::string& path,
                                       std::chrono::seconds longest) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto end = std::chrono::steady_clock::now() + longest;
  std::string why = "it has not been read";
  while (std::chrono::steady_clock::now() < end) {
    KubeRequest request;
    request.path = path;
    const auto reply = co_await client.demand(std::move(request));
    if (!reply) co_return not_known(kProbe, failure_of(reply.error(), right_to("get", path)));
    if (auto item = judge_probe(namespace_name, reply->object)) co_return std::move(*item);
    why = why_it_waits(reply->object);
    timer.expires_after(kBetweenLooks);
    auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) break;
  }
  co_return CheckItem::unknown(kProbe, namespace_name + ": after " + std::to_string(longest.count()) + " s: " + why,
                               "make sure that a node accepts pods of this namespace, and try again");
}

}  // namespace

bool pulls_with_secret(const Found& deployment, const Found& account) {
  const Json& template_spec = object_in(object_in(object_in(deployment.object, "spec"), "template"), "spec");
  return has_secrets(template_spec) || has_secrets(account.object);
}

std::optional<CheckItem> judge_pull(const Found& deployment, const Found& account, const FoundList& accounts,
                                    const FoundList& namespaces) {
  if (!deployment.exists()) return std::nullopt;
  if (!pulls_with_secret(deployment, account)) {
    if (!account.failure.empty()) return not_known(kPull, account.failure);
    return CheckItem::ok(kPull, "the injector names no pull secret, so pods need none either (--probe tries it)");
  }
  if (!accounts.failure.empty()) return not_known(kPull, accounts.failure);
  const std::vector<std::string> names = without_secrets(accounts, namespaces);
  if (names.empty())
    return CheckItem::ok(kPull, "the injector pulls with a secret, and so do pods of labelled namespaces");
  return CheckItem::warning(
      kPull,
      "the injector pulls initscan's image with a secret, and the default service account has none in " +
          join_some(names, kMaxNamed) + ": pods there that name no secret of their own do not start",
      "kubectl patch serviceaccount default -n " + names.front() +
          R"( -p '{"imagePullSecrets":[{"name":"NAME"}]}'; or make the registry readable for all; try it with --probe)");
}

std::optional<CheckItem> judge_probe(const std::string& namespace_name, const Json& pod) {
  for (const Json& status : list_in(object_in(pod, "status"), "initContainerStatuses")) {
    const std::string name = text_in(status, "name");
    if (!name.starts_with(names::kReserved)) continue;
    if (has_been_pulled(status)) {
      return CheckItem::ok(
          kProbe, namespace_name + ": a pod without a secret of its own has pulled " + text_in(status, "image"));
    }
    const Json& waiting = object_in(object_in(status, "state"), "waiting");
    const std::string reason = text_in(waiting, "reason");
    if (!is_of_pulling(reason)) continue;
    return CheckItem::error(
        kProbe, namespace_name + ": " + name + ": " + reason + ": " + text_in(waiting, "message"),
        "give the namespace's default service account a pull secret, or make the registry readable for all");
  }
  return std::nullopt;
}

asio::awaitable<CheckItem> probe_pull(KubeClient& client, std::string namespace_name, std::string image,
                                      std::chrono::seconds longest) {
  const std::string collection = "/api/v1/namespaces/" + escape_segment(namespace_name) + "/pods";
  KubeRequest request;
  request.method = "POST";
  request.path = collection;
  request.body = json_text(trial_pod(image));
  const auto made = co_await client.demand(std::move(request));
  if (!made) co_return CheckItem::unknown(kProbe, made.error().text, "see dry-run pod above");
  const std::string path = collection + '/' + escape_segment(name_in(made->object, "name"));
  CheckItem item = co_await watch_probe(client, namespace_name, path, longest);
  KubeRequest removal;
  removal.method = "DELETE";
  removal.path = path + "?gracePeriodSeconds=0";
  const auto removed = co_await client.demand(std::move(removal));
  if (!removed) item.fact += "; it is still there: " + removed.error().text;
  co_return item;
}

}  // namespace initscan::injector
