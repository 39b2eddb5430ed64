#include "server/api/large_documents.h"

#include <boost/asio/use_awaitable.hpp>
#include <malloc.h>

namespace initscan::server {

LargeDocuments::Place::~Place() {
  malloc_trim(0);  // what it took goes back to the system before the next one comes
}

boost::asio::awaitable<std::unique_ptr<LargeDocuments::Place>> LargeDocuments::enter(
    std::string client, std::chrono::milliseconds longest) {
  auto place = co_await turns_.take(std::move(client), longest);
  co_return place ? std::make_unique<Place>(std::move(place)) : nullptr;
}

}  // namespace initscan::server
