#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace initscan {

struct TurnLimits {
  std::size_t at_once = 1;
  std::size_t of_one = 1;      // client, of those at once
  std::size_t waiting = 1000;  // of all clients together
};

// Lets some in at once, and the others in turn: client by client, and of each whoever has waited for longest. Who asks
// for much waits behind itself alone. From any thread.
class Turns {
 public:
  struct State;

  // The right to be in, until it is destroyed. It may outlive its Turns.
  class Place {
   public:
    Place(std::shared_ptr<State> state, std::string client) : state_(std::move(state)), client_(std::move(client)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

   private:
    const std::shared_ptr<State> state_;
    const std::string client_;
  };

  explicit Turns(const TurnLimits& limits);

  /// nullptr: its turn has not come for so long, or too many wait, of whom its client has the most. On a strand, or
  /// where there is one thread.
  boost::asio::awaitable<std::unique_ptr<Place>> take(std::string client, std::chrono::milliseconds longest);

 private:
  const std::shared_ptr<State> state_;
};

}  // namespace initscan
