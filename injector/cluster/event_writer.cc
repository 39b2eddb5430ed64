#include "injector/cluster/event_writer.h"

#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "injector/pod/pod_reader.h"

#include <algorithm>
#include <random>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::chrono::minutes kSame{10};
constexpr std::chrono::seconds kBetween{30};
constexpr std::size_t kMaxWritten = 5000;
constexpr std::size_t kMaxPods = 1000;  // that one event counts
constexpr unsigned kLooks = 3;          // for a pod whose creation is still under way
constexpr unsigned kNewestPods = 500;   // of a namespace, among which one without a known name is looked for
constexpr const char* kMetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

std::string now_text() {
  return format_rfc3339(current_time());
}

std::string suffix() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t bits = random(), i = 0; i < 16; ++i, bits >>= 4) text += kDigits[bits & 15];
  return text;
}

// Nobody would look up an event on one of the many pods that a controller makes.
EventObject object_of(const PodHint& hint, const Json& pod) {
  const Json& metadata = object_in(pod, "metadata");
  for (const Json& owner : list_in(metadata, "ownerReferences")) {
    if (hint.owner.uid.empty() || text_in(owner, "uid") != hint.owner.uid) continue;
    return {text_in(owner, "apiVersion"), text_in(owner, "kind"), hint.namespace_, text_in(owner, "name"),
            hint.owner.uid};
  }
  return {"v1", "Pod", hint.namespace_, text_in(metadata, "name"), text_in(metadata, "uid")};
}

bool has_owner(const Json& metadata, const std::string& uid) {
  const Json& owners = list_in(metadata, "ownerReferences");
  return uid.empty() ||
         std::any_of(owners.begin(), owners.end(), [&](const Json& owner) { return text_in(owner, "uid") == uid; });
}

std::string pods_of(const PodHint& hint) {
  return "/api/v1/namespaces/" + escape_segment(hint.namespace_) + "/pods";
}

}  // namespace

// The name of a pod if only generateName and controller are known; "" if there is none.
asio::awaitable<Result<std::string>> EventWriter::name_of(const PodHint& hint) {
  if (hint.owner.uid.empty() && !hint.pod.ends_with('-')) co_return hint.pod;
  KubeRequest request;
  request.path = pods_of(hint) + "?limit=" + std::to_string(kNewestPods);
  if (hint.is_labelled) request.path += std::string("&labelSelector=") + names::kInjectSelector + "%3Ddisabled";
  request.accept = kMetadataOnly;
  auto reply = co_await client_.demand(std::move(request));
  if (!reply) co_return reply.error();
  std::string name;
  std::string created;
  for (const Json& item : list_in(reply->object, "items")) {
    const Json& metadata = object_in(item, "metadata");
    if (text_in(metadata, "generateName") != hint.pod || !has_owner(metadata, hint.owner.uid)) continue;
    std::string its = text_in(metadata, "creationTimestamp");
    if (its < created) continue;
    created = std::move(its);
    name = text_in(metadata, "name");
  }
  co_return name;
}

// The pod that a hint is about; `pod` stays null if there is none.
asio::awaitable<Result<void>> EventWriter::find(const PodHint& hint, Json& pod) {
  auto name = co_await name_of(hint);
  if (!name) co_return name.error();
  if (name->empty()) co_return Result<void>{};
  KubeRequest request;
  request.path = pods_of(hint) + '/' + escape_segment(*name);
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == 404) co_return Result<void>{};
  if (!reply->ok()) co_return refusal(request, *reply);
  pod = std::move(reply->object);
  co_return Result<void>{};
}

asio::awaitable<Result<std::optional<EventWriter::Confirmed>>> EventWriter::confirm(const PodHint& hint,
                                                                                    bool& is_there) {
  Json object;
  auto found = co_await find(hint, object);
  is_there = object.is_object();
  if (!found) co_return found.error();
  if (!is_there) co_return std::optional<Confirmed>();
  auto pod = read_pod(json_text(object));
  if (!pod) co_return pod.error();
  pod->namespace_ = hint.namespace_;
  auto event = event_about(*pod, *settings_.for_namespace(hint.namespace_));
  if (!event) co_return std::optional<Confirmed>();
  co_return Confirmed{std::move(*event), object_of(hint, object), text_in(object_in(object, "metadata"), "uid")};
}

asio::awaitable<Result<void>> EventWriter::create(const Confirmed& confirmed, Written& written) {
  const PodEvent& event = confirmed.event;
  std::string base = confirmed.about.name.substr(0, 200);
  while (base.ends_with('-') || base.ends_with('.')) base.pop_back();
  written.name = base + '.' + suffix();
  written.namespace_ = confirmed.about.namespace_;
  const KubeEvent told{written.name,     confirmed.about, event.reason,       event.message,
                       event.is_warning, component_,      written.pods.size()};
  KubeRequest request = creation_of(told, current_time());
  auto reply = co_await client_.demand(std::move(request));
  if (!reply) co_return reply.error();
  written.told = written.pods.size();
  written.first = written.last_told = std::chrono::steady_clock::now();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> EventWriter::raise(Written& written) {
  KubeRequest request;
  request.method = "PATCH";
  request.path = "/api/v1/namespaces/" + escape_segment(written.namespace_) + "/events/" + escape_segment(written.name);
  request.content_type = "application/merge-patch+json";
  request.body = json_text(Json{{"count", written.pods.size()}, {"lastTimestamp", now_text()}});
  written.told = written.pods.size();
  written.last_told = std::chrono::steady_clock::now();
  auto reply = co_await client_.demand(std::move(request));
  if (!reply) co_return reply.error();
  co_return Result<void>{};
}

// A pod counts once, however often it is hinted at.
asio::awaitable<Result<void>> EventWriter::tell(const PodHint& hint, Confirmed confirmed) {
  const std::string key = hint.namespace_ + '/' + confirmed.about.uid + '/' + confirmed.event.reason;
  if (!written_.contains(key) && written_.size() >= kMaxWritten) co_return Result<void>{};
  Written& written = written_[key];
  if (written.pods.size() >= kMaxPods || !written.pods.insert(confirmed.uid).second || written.pods.size() > 1) {
    co_return Result<void>{};
  }
  auto created = co_await create(confirmed, written);
  if (!created) written_.erase(key);
  co_return created;
}

asio::awaitable<Result<void>> EventWriter::write(HintQueue& queue) {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(written_, [&](const auto& entry) {
    return now - entry.second.first > kSame && entry.second.told == entry.second.pods.size();
  });
  Result<void> worst = Result<void>{};
  for (PodHint& hint : queue.take()) {
    if (!settings_.is_injected(hint.namespace_)) continue;
    bool is_there = false;
    auto confirmed = co_await confirm(hint, is_there);
    if (!confirmed) worst = confirmed.error();
    if (!confirmed || !*confirmed) {
      if (!is_there && ++hint.looks < kLooks) queue.push(std::move(hint));
      continue;
    }
    // A namespace that is being deleted takes no events: the others are still written.
    auto told = co_await tell(hint, std::move(**confirmed));
    if (!told) worst = told.error();
  }
  for (auto& [key, written] : written_) {
    if (written.told == written.pods.size() || now - written.last_told < kBetween) continue;
    auto raised = co_await raise(written);
    if (!raised) worst = raised.error();
  }
  co_return worst;
}

}  // namespace initscan::injector
