#include "server/auth/token_review.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "common/text/join.h"
#include "common/time/now.h"

#include <algorithm>
#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kAccount = "system:serviceaccount:";
constexpr const char* kMetricsPath = "/metrics";
constexpr std::chrono::seconds kUnknownExpiry{60};
constexpr JsonLimits kClaims{8, 1000};
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

KubeLimits limits_of_pods() {
  KubeLimits limits;
  limits.connect = limits.request = std::chrono::ceil<std::chrono::seconds>(kLongestLook);
  limits.body_bytes = kMaxPodBytes;
  return limits;
}

std::string in(const std::map<std::string, std::string>& texts, const char* key) {
  const auto found = texts.find(key);
  return found == texts.end() ? std::string() : found->second;
}

// RFC 7515, appendix C: without padding, and with two other characters.
Result<std::string> base64url_decode(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return base64_decode(standard);
}

Access reading_scans() {
  Access reading;
  reading.verb = "list";
  reading.group = names::kGroup;
  reading.resource = names::kScansResource;
  return reading;
}

// An audit is of the whole cluster: a pod's token alone says nothing about that.
Access sending_audits() {
  Access sending;
  sending.verb = "create";
  sending.group = names::kGroup;
  sending.resource = names::kAuditsResource;
  return sending;
}

// Who asks for reviews: words of two kinds, so that no user is an address.
std::string address_word(const std::string& address) {
  return "address " + address;
}

std::string user_word(const std::string& user) {
  return "user " + user;
}

}  // namespace

Identity identity_of(const TokenUser& user) {
  Identity identity;
  identity.name = user.name;
  if (!user.name.starts_with(kAccount)) return identity;
  const std::string_view account = std::string_view(user.name).substr(kAccount.size());
  identity.namespace_ = account.substr(0, account.find(':'));
  identity.pod = in(user.extra, "authentication.kubernetes.io/pod-name");
  identity.pod_uid = in(user.extra, "authentication.kubernetes.io/pod-uid");
  identity.node = in(user.extra, "authentication.kubernetes.io/node-name");
  for (const Scope scope : {Scope::scan, Scope::report, Scope::index}) identity.scopes.add(scope);
  return identity;
}

std::optional<std::chrono::sys_seconds> expiry_of(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos) return std::nullopt;
  const auto claims = base64url_decode(token.substr(first + 1, second - first - 1));
  if (!claims) return std::nullopt;
  const std::int64_t seconds = number_in(json_or_null(*claims, kClaims), "exp");
  constexpr std::int64_t kMost = 253'402'300'799;  // the year 9999 ends
  if (seconds <= 0 || seconds > kMost) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

TokenReviewer::TokenReviewer(KubeConfig config, std::string audience)
    : config_(std::move(config)),
      audience_(std::move(audience)),
      work_(io_.get_executor()),
      client_(config_),
      pods_(config_, limits_of_pods()),
      thread_([this] { io_.run(); }) {}

TokenReviewer::~TokenReviewer() {
  io_.stop();
  thread_.join();
}

asio::awaitable<Result<std::optional<Identity>>> TokenReviewer::identify(std::string token, std::string address) {
  if (token.size() > kMaxTokenBytes) co_return std::optional<Identity>();
  const std::string hash = sha256_hex(token);
  if (auto known = identities_.find(hash, current_time())) co_return std::move(*known);
  std::string whose = address_word(address);
  const auto place = co_await asking_.take(std::move(whose), kLongestWaitForReview);
  if (!place) co_return Error{Errc::unavailable, "too many tokens are being reviewed; try again"};
  if (auto known = identities_.find(hash, current_time())) co_return std::move(*known);  // others asked meanwhile
  auto end = expiry_of(token);
  auto task = ask(std::move(token));
  auto answer = co_await asio::co_spawn(io_, std::move(task), asio::use_awaitable);
  if (!answer) co_return Error{Errc::unavailable, "the token cannot be reviewed: " + answer.error().text};
  const auto now = current_time();
  const auto longest = now + (*answer ? end ? kLongestTrust : kUnknownExpiry : kLongestDistrust);
  identities_.keep(hash, *answer, end && *answer ? std::min(*end, longest) : longest, now);
  co_return answer;
}

asio::awaitable<Result<bool>> TokenReviewer::may_read(Identity identity, std::string space) {
  // Separated by what no name contains.
  const std::string question = identity.name + '\n' + join(identity.groups, "\n") + '\n' + '\n' + space;
  if (const auto known = rights_.find(question, current_time())) co_return *known;
  std::string whose = user_word(identity.name);
  const auto place = co_await asking_.take(std::move(whose), kLongestWaitForReview);
  if (!place) co_return Error{Errc::unavailable, "too many rights are being reviewed; try again"};
  Access reading = reading_scans();
  reading.namespace_ = std::move(space);
  auto task = may(client_, std::move(reading), Subject{identity.name, identity.groups});
  const auto answer = co_await asio::co_spawn(io_, std::move(task), asio::use_awaitable);
  if (!answer) co_return Error{Errc::unavailable, "the right to read cannot be reviewed: " + answer.error().text};
  const auto now = current_time();
  rights_.keep(question, *answer, now + (*answer ? kUnknownExpiry : kLongestDistrust), now);
  co_return *answer;
}

// A look that is under way: whoever waits for it may have gone.
struct TokenReviewer::Look {
  explicit Look(asio::io_context& io) : timer(io) {}

  asio::steady_timer timer;
  std::optional<Result<ReportingPod>> found;
};

asio::awaitable<Result<ReportingPod>> TokenReviewer::pod_of(Identity identity) {
  if (identity.pod.empty() || identity.pod_uid.empty()) co_return Error{Errc::not_found, "the token is of no pod"};
  std::string whose = user_word(identity.name);
  const auto place = co_await looking_.take(std::move(whose), kLongestLook);
  if (!place) co_return Error{Errc::unavailable, "too many pods are being looked at"};
  auto task = look_within_time(std::move(identity));
  auto found = co_await asio::co_spawn(io_, std::move(task), asio::use_awaitable);
  co_return found;
}

asio::awaitable<Result<ReportingPod>> TokenReviewer::look_within_time(Identity identity) {
  const auto under_way = std::make_shared<Look>(io_);
  under_way->timer.expires_after(kLongestLook);
  asio::co_spawn(io_, look(std::move(identity), under_way), asio::detached);
  auto [ec] = co_await under_way->timer.async_wait(kTuple);
  (void)ec;  // cancelled: it has been found
  if (!under_way->found) co_return Error{Errc::unavailable, "the API server does not tell of pods in time"};
  co_return std::move(*under_way->found);
}

asio::awaitable<void> TokenReviewer::look(Identity identity, std::shared_ptr<Look> under_way) {
  auto found = co_await look_at(std::move(identity));
  under_way->found = std::move(found);
  under_way->timer.cancel();
}

asio::awaitable<Result<ReportingPod>> TokenReviewer::look_at(Identity identity) {
  KubeRequest request;
  request.path = "/api/v1/namespaces/" + escape_segment(identity.namespace_) + "/pods/" + escape_segment(identity.pod);
  const auto reply = co_await pods_.ask(request);
  if (!reply) co_return Error{Errc::unavailable, "the API server does not tell of pods: " + reply.error().text};
  if (reply->status == 401 || reply->status == 403) {
    co_return Error{Errc::refused, "the API server does not tell of pods, because the server may not `get` them"};
  }
  const bool is_it = text_in(object_in(reply->object, "metadata"), "uid") == identity.pod_uid;
  if (reply->status == 404 || (reply->ok() && !is_it)) co_return Error{Errc::not_found, "the pod is gone"};
  if (!reply->ok()) {
    co_return Error{Errc::unavailable, "the API server does not tell of pods: HTTP " + std::to_string(reply->status)};
  }
  co_return reporting_pod_of(reply->object);
}

asio::awaitable<Result<std::optional<Identity>>> TokenReviewer::ask(std::string token) {
  const auto user = co_await review_token(client_, std::move(token), audience_);
  if (!user) co_return user.error();
  if (!*user) co_return std::optional<Identity>();
  Identity identity = identity_of(**user);
  identity.groups = (*user)->groups;
  const Subject subject{(*user)->name, (*user)->groups};
  Access scraping;
  scraping.verb = "get";
  scraping.path = kMetricsPath;
  const std::array wishes{std::pair(Scope::read, reading_scans()), std::pair(Scope::metrics, scraping),
                          std::pair(Scope::audit, sending_audits())};
  for (const auto& [scope, access] : wishes) {
    const auto allowed = co_await may(client_, access, subject);
    if (!allowed) co_return allowed.error();
    if (*allowed) identity.scopes.add(scope);
  }
  co_return std::optional(std::move(identity));
}

}  // namespace initscan::server
