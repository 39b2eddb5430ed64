#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace initscan::server {

// What one client may ask for, whatever it asks.
struct ClientLimit {
  double per_second = 200;     // on average
  double burst = 400;          // of which so many at once
  std::size_t in_flight = 32;  // requests that are being answered
};

inline constexpr std::size_t kMaxClients = 20'000;  // that are remembered

// Counts the requests of each client. From any thread.
class ClientLimits {
 public:
  using Clock = std::chrono::steady_clock;

  // A request that is being answered; until it is destroyed. The limits outlive it.
  class Ticket {
   public:
    Ticket(ClientLimits& limits, std::string client) : limits_(&limits), client_(std::move(client)) {}
    Ticket(Ticket&& other) noexcept : limits_(other.limits_), client_(std::move(other.client_)) {
      other.limits_ = nullptr;
    }
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (limits_ != nullptr) limits_->leave(client_);
    }

   private:
    ClientLimits* limits_;
    std::string client_;
  };

  explicit ClientLimits(const ClientLimit& limit) : limit_(limit) {}

  /// nullopt: it asks too often, or too much at once.
  std::optional<Ticket> enter(const std::string& client, Clock::time_point now);

 private:
  struct Client {
    double tokens = 0;
    Clock::time_point since;
    std::size_t in_flight = 0;
  };

  void leave(const std::string& client);
  void forget_the_quiet(Clock::time_point now);
  double tokens_of(const Client& client, Clock::time_point now) const;

  const ClientLimit limit_;
  std::mutex mutex_;
  std::map<std::string, Client> clients_;  // under mutex_
};

}  // namespace initscan::server
