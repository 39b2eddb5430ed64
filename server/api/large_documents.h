#pragma once

#include "common/net/turns.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace initscan::server {

// A document takes ten times its size while it is read and matched: of those above this only one is read at a time.
inline constexpr std::size_t kLargeDocument = 1 << 20;

// Lets large documents in one by one, of the clients that have some in turn. From any thread.
class LargeDocuments {
 public:
  // The right to read one, until it is destroyed.
  class Place {
   public:
    explicit Place(std::unique_ptr<Turns::Place> place) : place_(std::move(place)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

   private:
    std::unique_ptr<Turns::Place> place_;
  };

  /// nullptr: others were being read for too long. As Turns::take().
  boost::asio::awaitable<std::unique_ptr<Place>> enter(std::string client,
                                                       std::chrono::milliseconds longest = std::chrono::seconds(20));

 private:
  Turns turns_{TurnLimits{1, 1, 64}};
};

}  // namespace initscan::server
