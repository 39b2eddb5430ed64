#include "common/kube/reflector.h"

#include "common/json/beginning.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/json/splitter.h"
#include "common/net/backoff.h"

#include <random>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr const char* kMetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
constexpr const char* kMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
constexpr std::chrono::seconds kShortestWatch{240};  // each watch lasts this to twice this: they do not end together
constexpr std::chrono::seconds kGrace{30};
constexpr std::chrono::seconds kShortWatch{1};

// Of an object that is read as a tree; those of real clusters are far below.
constexpr JsonLimits kObjectLimits{kMaxJsonNesting, 200'000};
constexpr std::size_t kBeginningBytes = 16 << 10;  // of one beyond; what tells it from others stands before its labels
constexpr std::size_t kBeginningNesting = 20;

Json beginning_of(std::string_view json) {
  return json_or_null(json_beginning(json, kBeginningBytes, kBeginningNesting));
}

std::string version_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "resourceVersion");
}

}  // namespace

Reflector::Reflector(KubeClient& client, std::string path, ReflectorEvents events, ReflectorOptions options)
    : client_(client),
      path_(std::move(path)),
      events_(std::move(events)),
      options_(options),
      lost_since_(std::chrono::steady_clock::now().time_since_epoch()) {}

std::chrono::seconds Reflector::age() const {
  const auto since = lost_since_.load();
  if (since == std::chrono::steady_clock::duration::zero()) return std::chrono::seconds(0);
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch() - since);
}

void Reflector::found() {
  lost_since_ = std::chrono::steady_clock::duration::zero();
  if (!std::exchange(in_contact_, true)) events_.contact({});
}

void Reflector::lost(const Error& error) {
  // Of what was never known all time since the start counts, however often it is tried.
  const bool was_in_contact = std::exchange(in_contact_, false);
  if (was_in_contact) lost_since_ = std::chrono::steady_clock::now().time_since_epoch();
  if (was_in_contact || !synced_) events_.contact(error);
}

asio::awaitable<void> Reflector::run() {
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(30));
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    const auto start = std::chrono::steady_clock::now();
    Result<void> done = Result<void>{};
    try {
      if (resource_version_.empty()) done = co_await list();
      if (done) done = co_await watch();
    } catch (const std::exception& e) {
      // An object of another shape than any API server sends, or want of memory: never the end of the watch.
      resource_version_.clear();
      done = Error{Errc::malformed, path_ + ": " + e.what()};
    }
    if (!done) lost(done.error());
    // A server that ends each watch at once must not be asked in a circle without a pause.
    if (std::chrono::steady_clock::now() - start > kShortWatch) {
      backoff.reset();
      if (done) continue;
    }
    timer.expires_after(backoff.next());
    auto [ec] = co_await timer.async_wait(kTuple);
    if (ec) co_return;
  }
}

// One tree at a time: that of a whole page would be as large as all that is kept of the objects.
Result<void> Reflector::hand_on(const std::string& body, bool first) {
  if (first) events_.listed(nullptr);
  bool is_list = false;
  bool is_whole = true;
  JsonSplitter splitter([&](const JsonPiece& piece) {
    is_list = is_list || piece.item == 0;
    if (piece.item == 0) return;
    const Json item = piece.is_too_large ? Json() : json_or_null(piece.json, kObjectLimits);
    if (item.is_object()) return events_.listed(&item);
    const Json beginning = events_.too_large ? beginning_of(piece.json) : Json();
    is_whole = is_whole && beginning.is_object();
    if (beginning.is_object()) events_.too_large(beginning);
  });
  if (auto fed = splitter.feed(body); !fed) return std::move(fed).error().within(path_);
  if (auto finished = splitter.finish(); !finished) return std::move(finished).error().within(path_);
  if (is_list && is_whole) return {};
  return Error{Errc::malformed, path_ + ": no list of objects"};
}

Result<void> Reflector::take_page(const std::string& body, bool first, std::vector<Json>& items) {
  if (events_.listed) return hand_on(body, first);
  if (first) items.clear();
  Json page = json_or_null(body);
  if (!page.is_object() || !page.contains("items")) return Error{Errc::malformed, path_ + ": no list"};
  if (!page["items"].is_array()) return {};  // null: an empty one
  for (Json& item : page["items"]) items.push_back(std::move(item));
  return {};
}

asio::awaitable<Result<void>> Reflector::list() {
  std::vector<Json> items;
  const auto take_one = [&](const std::string& body, bool first) { return take_page(body, first, items); };
  const std::string accept = options_.metadata_only ? kMetadataList : "application/json";
  auto version = co_await client_.list(path_, options_.page, take_one, accept);
  if (!version) co_return version.error();
  if (version->empty()) co_return Error{Errc::malformed, path_ + ": a list without resourceVersion"};
  resource_version_ = *version;
  events_.replaced(std::move(items));
  synced_ = true;
  found();
  co_return Result<void>{};
}

// Ends without an error when the server ends the watch in time, or when everything must be listed again.
asio::awaitable<Result<void>> Reflector::watch() {
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::chrono::seconds::rep> pick(kShortestWatch.count(), 2 * kShortestWatch.count());
  const std::chrono::seconds longest(pick(random));
  KubeRequest request;
  request.path = path_ + (path_.find('?') == path_.npos ? '?' : '&') +
                 "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + std::to_string(longest.count()) +
                 "&resourceVersion=" + resource_version_;
  if (options_.metadata_only) request.accept = kMetadata;
  auto opened = co_await KubeConnection::open(client_.config(), client_.limits());
  if (!opened) co_return opened.error();
  KubeConnection& connection = **opened;
  auto head = co_await connection.start_watch(request, longest + kGrace);
  if (!head) co_return head.error();
  if (head->status == 410) {
    resource_version_.clear();
    co_return Result<void>{};
  }
  if (head->status != 200) { co_return refusal(request, {head->status, json_or_null(head->body)}); }
  found();
  for (;;) {
    auto line = co_await connection.next_line();
    if (!line) co_return line.error();
    if (line->text.empty() || resource_version_.empty()) co_return Result<void>{};
    if (auto taken = take(*line); !taken) co_return taken.error();
    if (resource_version_.empty()) co_return Result<void>{};
  }
}

Result<void> Reflector::take(const KubeLine& line) {
  Json event = line.is_cut ? Json() : json_or_null(line.text, kObjectLimits);
  const bool is_whole = event.is_object();
  if (!is_whole && events_.too_large) event = beginning_of(line.text);
  if (!event.is_object() || !event.contains("object") || !event["object"].is_object()) {
    // From the same place on it would only come once more.
    resource_version_.clear();
    return Error{Errc::malformed, path_ + ": not a watch event"};
  }
  const std::string type = text_in(event, "type");
  const Json& object = event["object"];
  if (type == "ERROR") {
    // 410: what we have is too old to continue from. Any other error is reported, and then everything is listed again.
    resource_version_.clear();
    if (number_in(object, "code") == 410) return {};
    return Error{Errc::io, path_ + ": watch: " + text_in(object, "message")};
  }
  if (type == "ADDED" || type == "MODIFIED") {
    is_whole ? events_.changed(object) : events_.too_large(object);
  } else if (type == "DELETED") {
    events_.deleted(object);
  }
  if (std::string version = version_of(object); !version.empty()) resource_version_ = std::move(version);
  return {};
}

}  // namespace initscan
