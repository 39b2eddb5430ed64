#include "server/commands/scrape_guard.h"

#include "server/auth/authenticator.h"

#include <string>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {
namespace {

namespace asio = boost::asio;

HttpResponse refusal(unsigned status, std::string words) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(words) + '\n';
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

HttpResponse unknown() {
  return refusal(401, "want a token that the API server knows: Authorization: Bearer TOKEN");
}

}  // namespace

asio::awaitable<std::optional<HttpResponse>> ScrapeGuard::refusal_of(const HttpRequest& request) {
  std::string token(bearer_of(request.header("Authorization")));
  if (token.empty()) co_return unknown();
  std::string address(request.address);
  const auto identity = co_await reviewer_.identify(std::move(token), std::move(address));
  if (!identity) co_return refusal(503, identity.error().text);
  if (!*identity) co_return unknown();
  if ((*identity)->scopes.have(Scope::metrics)) co_return std::nullopt;
  co_return refusal(403,
                    (*identity)->name + " may not get /metrics: bind it to a ClusterRole with that nonResourceURL");
}

}  // namespace initscan::server
