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

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kAccount = "system:serviceaccount:";
constexpr const char* kMetricsPath = "/metrics";
constexpr std::chrono::seconds kUnknownExpiry{60};
constexpr JsonLimits kClaims{8, 1000};

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
