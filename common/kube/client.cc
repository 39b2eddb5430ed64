#include "common/kube/client.h"

#include "common/json/parse.h"
#include "common/json/tree_text.h"
#include "common/net/backoff.h"
#include "common/net/status.h"
#include "common/text/percent.h"

#include <algorithm>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <simdjson.h>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kAttempts = 5;
constexpr std::size_t kMaxIdleConnections = 4;
constexpr int kMaxStarts = 3;  // of one list

bool can_be_repeated(const KubeRequest& request) {
  return request.harmless || (request.method != "POST" && !request.once);
}

// 429 and 503 say that nothing was done; the others are repeated where doing it twice does no harm.
bool is_worth_another(const KubeRequest& request, unsigned status) {
  if (status == 429 || status == 503) return true;
  return can_be_repeated(request) && (status == 500 || status == 502 || status == 504);
}

struct ListHead {
  std::string next;
  std::string resource_version;
};

// Without a tree of the page: that would be larger than the page. Its items are for whoever takes them to judge.
Result<ListHead> head_of(std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document list;
  if (const auto error = parser.iterate(body.data(), body.size(), body.capacity()).get(list);
      error != simdjson::SUCCESS) {
    return Error{Errc::malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  }
  simdjson::ondemand::object metadata;
  std::string_view next;
  std::string_view version;
  if (list["metadata"].get_object().get(metadata) != simdjson::SUCCESS) {
    return Error{Errc::malformed, "a list without metadata"};
  }
  if (metadata["continue"].get_string().get(next) != simdjson::SUCCESS) next = {};
  if (metadata["resourceVersion"].get_string().get(version) != simdjson::SUCCESS) version = {};
  return ListHead{std::string(next), std::string(version)};
}

KubeReply reply_of(const KubeResponse& response) {
  KubeReply reply{response.status, {}};
  if (const auto parsed = parse_json(response.body, reply.object); !parsed) {
    reply.object = {{"message", response.body.substr(0, 200)}};
  }
  return reply;
}

}  // namespace

std::string escape_segment(std::string_view name) {
  return percent_encode(name, "-_.");
}

Error refusal(const KubeRequest& request, const KubeReply& reply) {
  std::string text =
      request.method + ' ' + request.path.substr(0, request.path.find('?')) + ": " + std::to_string(reply.status);
  if (reply.object.is_object()) {
    for (const auto& [key, lead] : {std::pair("reason", " "), std::pair("message", ": ")}) {
      const auto value = reply.object.find(key);
      if (value != reply.object.end() && value->is_string()) text += lead + value->get<std::string>();
    }
  }
  return {errc_of_status(reply.status), std::move(text)};
}

KubeClient::KubeClient(KubeConfig config, KubeLimits limits) : config_(std::move(config)), limits_(limits) {}
KubeClient::~KubeClient() = default;

// A connection that has waited may have been closed meanwhile: then the request goes over a new one.
asio::awaitable<Result<KubeResponse>> KubeClient::exchange(const KubeRequest& request) {
  std::unique_ptr<KubeConnection> connection;
  if (!idle_.empty()) {
    connection = std::move(idle_.back());
    idle_.pop_back();
  } else {
    auto opened = co_await KubeConnection::open(config_, limits_);
    if (!opened) co_return opened.error();
    connection = std::move(*opened);
  }
  auto response = co_await connection->send(request);
  if (!response) co_return response.error();
  if (connection->is_reusable() && idle_.size() < kMaxIdleConnections) idle_.push_back(std::move(connection));
  co_return response;
}

asio::awaitable<Result<KubeResponse>> KubeClient::send(const KubeRequest& request) {
  Backoff backoff(std::chrono::milliseconds(100), std::chrono::seconds(5));
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int attempt = 1;; ++attempt) {
    // A POST uses a new connection: on an old one it could not be known whether it arrived.
    if (!can_be_repeated(request)) idle_.clear();
    auto response = co_await exchange(request);
    const bool is_last = attempt == kAttempts;
    if (response && (is_last || !is_worth_another(request, response->status))) co_return response;
    if (!response && (is_last || !can_be_repeated(request) || response.error().code != Errc::unavailable))
      co_return response;
    // Behind Retry-After, too, a random wait: all who were sent away got the same number.
    std::chrono::milliseconds wait = backoff.next();
    if (response) wait += response->retry_after;
    timer.expires_after(wait);
    auto [ec] = co_await timer.async_wait(kTuple);
    if (ec) co_return Error{Errc::failed, "stopped"};
  }
}

asio::awaitable<Result<KubeResponse>> KubeClient::fetch(KubeRequest request) {
  co_return co_await send(request);
}

asio::awaitable<Result<KubeReply>> KubeClient::ask(KubeRequest request) {
  auto response = co_await send(request);
  if (!response) co_return response.error();
  co_return reply_of(*response);
}

asio::awaitable<Result<KubeReply>> KubeClient::demand(KubeRequest request) {
  auto reply = co_await ask(request);
  if (reply && !reply->ok()) co_return refusal(request, *reply);
  co_return reply;
}

asio::awaitable<Result<KubeReply>> KubeClient::patch(std::string path, PatchKind kind, const Json& change) {
  KubeRequest request;
  request.method = "PATCH";
  request.path = std::move(path);
  request.body = json_text(change);
  request.content_type = kind == PatchKind::json    ? "application/json-patch+json"
                         : kind == PatchKind::merge ? "application/merge-patch+json"
                                                    : "application/strategic-merge-patch+json";
  request.once = kind == PatchKind::json;
  return demand(std::move(request));
}

asio::awaitable<Result<KubeReply>> KubeClient::apply(std::string path, const Json& object) {
  KubeRequest request;
  request.method = "PATCH";
  request.path = std::move(path) + "?fieldManager=initscan&force=true";
  request.body = json_text(object);
  request.content_type = "application/apply-patch+yaml";
  return demand(std::move(request));
}

asio::awaitable<Result<std::string>> KubeClient::list(std::string path, unsigned limit, OnPage on_page,
                                                      std::string accept) {
  const std::string pages = path + (path.find('?') == path.npos ? '?' : '&') + "limit=";
  unsigned count = limit;  // of the next page: strangers decide how large its objects are
  int starts = 1;
  std::string next;
  for (;;) {
    KubeRequest request;
    request.accept = accept;
    request.path = pages + std::to_string(count);
    if (!next.empty()) request.path += "&continue=" + escape_segment(next);
    auto response = co_await send(request);
    if (!response && response.error().code == Errc::over_limit && count > 1) {
      count /= 2;
      continue;
    }
    if (!response) co_return response.error();
    if (response->status == 410 && !next.empty() && starts < kMaxStarts) {
      ++starts;
      next.clear();
      continue;
    }
    if (response->status != 200) co_return refusal(request, reply_of(*response));
    auto head = head_of(response->body);
    if (!head) co_return std::move(head).error().within(path);
    if (auto taken = on_page(response->body, next.empty()); !taken) co_return taken.error();
    if (head->next.empty()) co_return std::move(head->resource_version);
    if (response->body.size() < limits_.body_bytes / 2) count = std::min(limit, 2 * count);
    next = std::move(head->next);
  }
}

Result<void> run_blocking(std::function<asio::awaitable<Result<void>>()> task, std::chrono::seconds longest) {
  std::optional<Result<void>> done;
  std::exception_ptr thrown;
  asio::io_context io(1);  // ends first: what is unfinished in it knows the two above
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { done = co_await task(); }, [&](const std::exception_ptr& e) { thrown = e; });
  io.run_for(longest);
  if (thrown) std::rethrow_exception(thrown);
  if (!done)
    return Error{Errc::unavailable,
                 "the API server was too slow: not done after " + std::to_string(longest.count()) + " s"};
  return *done;
}

}  // namespace initscan
