#include "injector/cluster/event_writer.h"

#include "common/rfc3339.h"

#include <random>

#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::chrono::minutes kSame{10};
constexpr std::chrono::seconds kBetween{30};
constexpr std::size_t kMaxWritten = 5000;
constexpr std::size_t kMaxMessageBytes = 1000;  // the API server's limit is 1,024

std::string now_text() {
  return format_rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::string suffix() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t bits = random(), i = 0; i < 16; ++i, bits >>= 4) text += kDigits[bits & 15];
  return text;
}

// The pod, or its controller where the pod has no name yet: nobody could look up an event on a name to come.
Json object_of(const PodEvent& event) {
  const Owner& owner = event.owner;
  if (owner.name.empty()) {
    return {{"apiVersion", "v1"}, {"kind", "Pod"}, {"name", event.pod}, {"namespace", event.namespace_}};
  }
  return {{"apiVersion", owner.api_version},
          {"kind", owner.kind},
          {"name", owner.name},
          {"namespace", event.namespace_},
          {"uid", owner.uid}};
}

}  // namespace

asio::awaitable<Result<void>> EventWriter::create(const PodEvent& event, Written& written) {
  const std::string& about = event.owner.name.empty() ? event.pod : event.owner.name;
  std::string base = about.empty() ? "pod" : about.substr(0, 200);
  while (base.ends_with('-') || base.ends_with('.')) base.pop_back();
  written.name = base + '.' + suffix();
  written.namespace_ = event.namespace_;
  const std::string now = now_text();
  const Json body{{"apiVersion", "v1"},
                  {"kind", "Event"},
                  {"metadata", {{"name", written.name}, {"namespace", event.namespace_}}},
                  {"involvedObject", object_of(event)},
                  {"reason", event.reason},
                  {"message", event.message.substr(0, kMaxMessageBytes)},
                  {"type", event.is_warning ? "Warning" : "Normal"},
                  {"source", {{"component", component_}}},
                  {"firstTimestamp", now},
                  {"lastTimestamp", now},
                  {"count", written.count}};
  KubeRequest request;
  request.method = "POST";
  request.path = "/api/v1/namespaces/" + event.namespace_ + "/events";
  request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto reply = co_await client_.demand(std::move(request));
  if (!reply) co_return reply.error();
  written.told = written.count;
  written.first = written.last_told = std::chrono::steady_clock::now();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> EventWriter::raise(Written& written) {
  KubeRequest request;
  request.method = "PATCH";
  request.path = "/api/v1/namespaces/" + written.namespace_ + "/events/" + written.name;
  request.content_type = "application/merge-patch+json";
  request.body = Json{{"count", written.count}, {"lastTimestamp", now_text()}}.dump();
  written.told = written.count;
  written.last_told = std::chrono::steady_clock::now();
  auto reply = co_await client_.demand(std::move(request));
  if (!reply) co_return reply.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> EventWriter::write(EventQueue& queue) {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(written_, [&](const auto& entry) {
    return now - entry.second.first > kSame && entry.second.told == entry.second.count;
  });
  Result<void> worst = Result<void>{};
  for (const PodEvent& event : queue.take()) {
    const std::string key = event.namespace_ + '/' + event.pod + '/' + event.reason + '/' + event.message;
    if (!written_.contains(key) && written_.size() >= kMaxWritten) continue;
    Written& written = written_[key];
    ++written.count;
    if (written.count > 1) continue;
    auto created = co_await create(event, written);
    if (!created) {
      worst = created.error();  // a namespace that is being deleted takes no events: the others are still written
      written_.erase(key);
    }
  }
  for (auto& [key, written] : written_) {
    if (written.told == written.count || now - written.last_told < kBetween) continue;
    auto raised = co_await raise(written);
    if (!raised) worst = raised.error();
  }
  co_return worst;
}

}  // namespace initscan
