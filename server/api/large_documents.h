#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace initscan::server {

// A document takes ten times its size while it is read and matched: of those above this only one is read at a time.
inline constexpr std::size_t kLargeDocument = 1 << 20;

// Lets one large document in. From any thread.
class LargeDocuments {
 public:
  // The right to read a document, until it is destroyed. It may outlive whoever gave it.
  class Place {
   public:
    explicit Place(std::shared_ptr<std::atomic<bool>> taken) : taken_(std::move(taken)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

   private:
    std::shared_ptr<std::atomic<bool>> taken_;  // nullptr: a small one, which takes nobody's place
  };

  /// nullptr: another one is being read.
  std::unique_ptr<Place> enter(std::size_t bytes);

 private:
  const std::shared_ptr<std::atomic<bool>> taken_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace initscan::server
