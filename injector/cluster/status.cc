#include "injector/cluster/status.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/time/rfc3339.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

// The condition of that type, or an empty object.
Json condition_in(const Json& status, const std::string& type) {
  for (const Json& condition : list_in(status, "conditions")) {
    if (text_in(condition, "type") == type) return condition;
  }
  return Json::object();
}

Json condition(const char* type, bool is_true, const char* reason, const std::string& message, std::int64_t generation,
               const Json& before, std::chrono::sys_seconds now) {
  Json made{{"type", type},
            {"status", is_true ? "True" : "False"},
            {"reason", reason},
            {"message", message},
            {"observedGeneration", generation}};
  const Json old = condition_in(before, type);
  const bool is_same = value_in(old, "status") == made["status"] && old.contains("lastTransitionTime");
  made["lastTransitionTime"] = is_same ? old["lastTransitionTime"] : Json(format_rfc3339(now));
  return made;
}

std::string good_words(const ObjectState& state) {
  std::string words = state.effect.empty() ? "it applies as written" : state.effect;
  if (state.state != "Active") return words;
  return words +
         ", for pods created from now on; a pod that is already blocked must be created again: kubectl delete pod NAME";
}

}  // namespace

Json status_of(const ObjectState& state, std::int64_t generation, const Json& before, std::chrono::sys_seconds now) {
  const bool is_good = state.problem.empty();
  const char* const why_not = state.state == "Refused" ? "NotAllowed" : "Invalid";
  const bool is_degraded = !is_good && state.has_last_good;
  Json status{{"observedGeneration", generation},
              {"conditions",
               {condition("Accepted", is_good, is_good ? "Valid" : why_not, is_good ? good_words(state) : state.problem,
                          generation, before, now),
                condition("Degraded", is_degraded, is_degraded ? "LastGoodInUse" : "AsWritten",
                          is_degraded ? "the form before this one still applies" : "no earlier form is in use",
                          generation, before, now)}}};
  if (!state.state.empty()) status["state"] = state.state;
  if (state.namespaces) status["namespaces"] = *state.namespaces;
  return status;
}

asio::awaitable<Result<void>> write_statuses(KubeClient& client, std::vector<StatusUpdate> updates) {
  Result<void> worst = Result<void>{};
  for (std::size_t i = 0; i < updates.size() && i < kMaxStatusWrites; ++i) {
    KubeRequest request;
    request.method = "PATCH";
    request.path = updates[i].path;
    request.content_type = "application/merge-patch+json";
    request.body = json_text(Json{{"status", updates[i].status}});
    auto reply = co_await client.ask(request);
    if (!reply) co_return reply.error();
    if (!reply->ok() && reply->status != 404) worst = refusal(request, *reply);
  }
  co_return worst;
}

}  // namespace initscan::injector
