#include "common/kube/lease.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/time/rfc3339.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

// A MicroTime: RFC 3339 with exactly six digits of a second.
std::string micro_time_now() {
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const std::string micros = std::to_string((now - second).count());
  std::string text = format_rfc3339(second);
  text.pop_back();  // the Z
  return text + '.' + std::string(6 - micros.size(), '0') + micros + 'Z';
}

KubeRequest request_of(const char* method, std::string path, const Json& body) {
  KubeRequest request;
  request.method = method;
  request.path = std::move(path);
  request.body = json_text(body);
  return request;
}

}  // namespace

Lease::Lease(KubeClient& client, std::string space, std::string name, std::string identity,
             std::chrono::seconds duration)
    : client_(client),
      collection_("/apis/coordination.k8s.io/v1/namespaces/" + space + "/leases"),
      namespace_(std::move(space)),
      name_(std::move(name)),
      identity_(std::move(identity)),
      duration_(duration) {}

asio::awaitable<Result<bool>> Lease::create() {
  const std::string now = micro_time_now();
  const Json lease{{"apiVersion", "coordination.k8s.io/v1"},
                   {"kind", "Lease"},
                   {"metadata", {{"name", name_}, {"namespace", namespace_}}},
                   {"spec",
                    {{"holderIdentity", identity_},
                     {"leaseDurationSeconds", duration_.count()},
                     {"acquireTime", now},
                     {"renewTime", now}}}};
  const KubeRequest request = request_of("POST", collection_, lease);
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == 409) co_return false;  // someone else was faster
  if (!reply->ok()) co_return refusal(request, *reply);
  co_return true;
}

asio::awaitable<Result<bool>> Lease::update(Json lease, const std::string& holder) {
  Json& spec = lease["spec"];
  const std::string now = micro_time_now();
  if (text_in(spec, "holderIdentity") != identity_) {
    spec["acquireTime"] = now;
    spec["leaseTransitions"] = number_in(spec, "leaseTransitions") + 1;
  }
  spec["holderIdentity"] = holder;
  spec["renewTime"] = now;
  spec["leaseDurationSeconds"] = duration_.count();
  // The object carries its resourceVersion: of two who try, one gets 409.
  const KubeRequest request = request_of("PUT", collection_ + '/' + name_, lease);
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == 409) co_return false;
  if (!reply->ok()) co_return refusal(request, *reply);
  co_return true;
}

asio::awaitable<Result<bool>> Lease::hold() {
  ours_ = false;
  KubeRequest request;
  request.path = collection_ + '/' + name_;
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  Result<bool> held = false;
  if (reply->status == 404) {
    held = co_await create();
  } else if (!reply->ok()) {
    co_return refusal(request, *reply);
  } else {
    Json& lease = reply->object;
    const Json spec = object_in(lease, "spec");
    const std::string holder = text_in(spec, "holderIdentity");
    const std::string version = text_in(object_in(lease, "metadata"), "resourceVersion");
    const auto now = std::chrono::steady_clock::now();
    if (version != seen_version_) {
      seen_version_ = version;
      seen_at_ = now;
    }
    const bool has_run_out =
        now - seen_at_ > std::chrono::seconds(number_in(spec, "leaseDurationSeconds", duration_.count()));
    if (holder.empty() || holder == identity_ || has_run_out) held = co_await update(std::move(lease), identity_);
  }
  ours_ = held && *held;
  co_return held;
}

asio::awaitable<void> Lease::release() {
  if (!ours_) co_return;
  ours_ = false;
  KubeRequest request;
  request.path = collection_ + '/' + name_;
  auto reply = co_await client_.ask(request);
  if (!reply || !reply->ok()) co_return;
  if (text_in(object_in(reply->object, "spec"), "holderIdentity") != identity_) co_return;
  auto released = co_await update(std::move(reply->object), "");
  (void)released;  // the others wait a little longer then
}

}  // namespace initscan
