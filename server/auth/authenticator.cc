#include "server/auth/authenticator.h"

#include "common/text/ascii.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {

namespace asio = boost::asio;

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (in_lower_case(authorization.substr(0, kScheme.size())) != kScheme) return {};
  authorization.remove_prefix(kScheme.size());
  const bool is_one_word = authorization.find_first_of(" \t,") == authorization.npos;
  return is_one_word ? authorization : std::string_view();
}

void Authenticator::use(TokenTable table) {
  auto next = std::make_shared<const TokenTable>(std::move(table));
  const std::lock_guard lock(mutex_);
  table_ = std::move(next);
}

std::shared_ptr<const TokenTable> Authenticator::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

asio::awaitable<Result<std::optional<Identity>>> Authenticator::identify(std::string token, std::string address) {
  if (token.empty()) co_return std::optional<Identity>();
  if (auto known = table()->find(token)) co_return known;
  if (!reviewer_) co_return std::optional<Identity>();
  auto reviewed = co_await reviewer_->identify(std::move(token), std::move(address));
  co_return reviewed;
}

std::optional<Identity> Authenticator::identify(const PeerCertificate& peer, std::chrono::sys_seconds now) const {
  // A connection may be older than that.
  if (peer.expiry <= now) return std::nullopt;
  return table()->find_certificate(peer.names);
}

asio::awaitable<Result<bool>> Authenticator::may_read(Identity identity, std::string space) {
  if (identity.scopes.have(Scope::read)) co_return true;
  if (space.empty() || identity.groups.empty() || !reviewer_) co_return false;
  const auto allowed = co_await reviewer_->may_read(std::move(identity), std::move(space));
  co_return allowed;
}

asio::awaitable<Result<ReportingPod>> Authenticator::pod_of(Identity identity) {
  if (!reviewer_) co_return Error{Errc::not_found, "there is no cluster"};
  auto found = co_await reviewer_->pod_of(std::move(identity));
  co_return found;
}

}  // namespace initscan::server
