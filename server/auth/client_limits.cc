#include "server/auth/client_limits.h"

#include <algorithm>

namespace initscan::server {

double ClientLimits::tokens_of(const Client& client, Clock::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - client.since).count();
  return std::min(limit_.burst, client.tokens + seconds * limit_.per_second);
}

// Of whoever has all its tokens back nothing need be known.
void ClientLimits::forget_the_quiet(Clock::time_point now) {
  std::erase_if(clients_, [&](const auto& entry) {
    return entry.second.in_flight == 0 && tokens_of(entry.second, now) >= limit_.burst;
  });
}

std::optional<ClientLimits::Ticket> ClientLimits::enter(const std::string& client, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (clients_.size() >= kMaxClients) forget_the_quiet(now);
  if (clients_.size() >= kMaxClients && !clients_.contains(client)) return std::nullopt;
  Client& known = clients_.try_emplace(client, Client{limit_.burst, now, 0}).first->second;
  known.tokens = tokens_of(known, now);
  known.since = now;
  if (known.tokens < 1 || known.in_flight >= limit_.in_flight) return std::nullopt;
  known.tokens -= 1;
  ++known.in_flight;
  return std::optional<Ticket>(std::in_place, *this, client);
}

void ClientLimits::leave(const std::string& client) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  if (found != clients_.end()) --found->second.in_flight;
}

}  // namespace initscan::server
