#include "audit/report/openreports_writer.h"

#include "common/json/parse.h"
#include "common/json/parts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::audit {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;
using Names = std::set<std::pair<std::string, std::string>>;  // namespace and name

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr unsigned kPage = 500;

std::string collection(ReportApi api, const std::string& space) {
  std::string path = "/apis/" + std::string(group_version(api));
  if (!space.empty()) path += "/namespaces/" + escape_segment(space);
  return path + '/' + std::string(plural(api, !space.empty()));
}

Result<void> add_names(const std::string& body, Names& names) {
  const Json list = json_or_null(body);
  const Json& items = value_in(list, "items");
  if (!items.is_array()) return Error{Errc::malformed, "want a list of reports"};
  for (const Json& item : items) {
    const Json& metadata = value_in(item, "metadata");
    if (metadata.is_object()) names.emplace(text_in(metadata, "namespace"), text_in(metadata, "name"));
  }
  return {};
}

// Ours that are there, of one of the two kinds.
asio::awaitable<Result<void>> list_ours(KubeClient& client, ReportApi api, bool in_namespace, Names& names) {
  const std::string path = "/apis/" + std::string(group_version(api)) + '/' + std::string(plural(api, in_namespace)) +
                           "?labelSelector=" + escape_segment(kReportSelector);
  auto listed = co_await client.list(path, kPage, [&](const std::string& body, bool first) -> Result<void> {
    if (first) std::erase_if(names, [&](const auto& name) { return name.first.empty() != in_namespace; });
    return add_names(body, names);
  });
  if (!listed) {
    const std::string hint = listed.error().code == Errc::not_found
                                 ? " (is " + std::string(group_version(api)) + " installed in the cluster?)"
                                 : "";
    co_return Error{listed.error().code, listed.error().text + hint};
  }
  co_return Result<void>{};
}

// Spreads writes: etcd and everyone who watches reports get them one after the other.
class Pace {
 public:
  Pace(const asio::any_io_executor& executor, unsigned per_second)
      : timer_(executor), step_(std::chrono::microseconds(1'000'000 / std::max(per_second, 1u))) {}

  asio::awaitable<void> wait() {
    timer_.expires_at(next_);
    next_ = std::max(next_, std::chrono::steady_clock::now()) + step_;
    auto [ec] = co_await timer_.async_wait(kTuple);
    (void)ec;  // nobody cancels it
  }

 private:
  asio::steady_timer timer_;
  const std::chrono::microseconds step_;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();
};

asio::awaitable<Result<void>> remove(KubeClient& client, ReportApi api,
                                     const std::pair<std::string, std::string>& name) {
  KubeRequest request;
  request.method = "DELETE";
  request.path = collection(api, name.first) + '/' + escape_segment(name.second);
  auto reply = co_await client.ask(request);
  if (!reply) co_return reply.error();
  if (!reply->ok() && reply->status != 404) co_return refusal(request, *reply);
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<ReportsWritten>> write_report_objects(KubeClient& client, ReportApi api, ReportObjects objects,
                                                             ReportWriteLimits limits) {
  Names stale;
  for (const bool in_namespace : {false, true}) {
    auto listed = co_await list_ours(client, api, in_namespace, stale);
    if (!listed) co_return listed.error();
  }
  ReportsWritten result;
  Pace pace(co_await asio::this_coro::executor, limits.writes_per_second);
  for (const ReportObject& object : objects.objects) {
    stale.erase({object.namespace_, object.name});
    if (result.failed.size() >= limits.failures) continue;
    co_await pace.wait();
    auto written =
        co_await client.apply(collection(api, object.namespace_) + '/' + escape_segment(object.name), object.object);
    if (written) {
      ++result.written;
    } else {
      result.failed.push_back(written.error().text);
    }
  }
  if (!objects.complete) stale.clear();
  for (const auto& name : stale) {
    if (result.failed.size() >= limits.failures) break;
    co_await pace.wait();
    auto removed = co_await remove(client, api, name);
    if (removed) {
      ++result.removed;
    } else {
      result.failed.push_back(removed.error().text);
    }
  }
  if (result.written == 0 && result.removed == 0 && !result.failed.empty()) {
    co_return Error{Errc::failed, result.failed.front()};
  }
  co_return result;
}

Result<ReportsWritten> publish_report_objects(const AuditReport& report, const KubeConfig& config, ReportApi api,
                                              ReportWriteLimits limits) {
  // Each write has its turn, and as much time again for those that must be repeated.
  const std::chrono::seconds longest(60 + 4 * kMaxReportObjects / std::max(limits.writes_per_second, 1u));
  std::optional<Result<ReportsWritten>> written;
  const auto publish = [&]() -> asio::awaitable<Result<void>> {
    KubeClient client(config);
    written = co_await write_report_objects(client, api, report_objects(report, config.context, api), limits);
    co_return Result<void>{};
  };
  if (auto done = run_blocking(publish, longest); !done) return done.error();
  return *written;
}

}  // namespace initscan::audit
