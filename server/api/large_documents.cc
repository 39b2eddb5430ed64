#include "server/api/large_documents.h"

#include <malloc.h>

namespace initscan::server {

LargeDocuments::Place::~Place() {
  if (!taken_) return;
  malloc_trim(0);  // what it took goes back to the system before the next one comes
  *taken_ = false;
}

std::unique_ptr<LargeDocuments::Place> LargeDocuments::enter(std::size_t bytes) {
  if (bytes <= kLargeDocument) return std::make_unique<Place>(nullptr);
  if (taken_->exchange(true)) return nullptr;
  return std::make_unique<Place>(taken_);
}

}  // namespace initscan::server
