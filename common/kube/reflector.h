#pragma once

#include "common/kube/client.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace initscan {

// What a reflector reports. All are called on the client's executor.
struct ReflectorEvents {
  std::function<void(std::vector<nlohmann::json>)> replaced;  // all that there is: at first, and after a gap
  std::function<void(const nlohmann::json&)> changed;         // one was added or modified
  std::function<void(const nlohmann::json&)> deleted;         // its last state
  std::function<void(const Result<void>&)> contact;           // lost, with why; or there again
};

// Follows one kind of object: lists it, then watches it with bookmarks, for ever. A watch that ends or breaks is
// resumed where it was; if that is too long ago (410), everything is listed again. What was reported last stays
// valid meanwhile, and age() says how old it is.
class Reflector {
 public:
  /// `path` is a collection, with a selector or without: "/api/v1/namespaces".
  Reflector(KubeClient& client, std::string path, ReflectorEvents events);

  /// Never ends by itself; ends with its executor's context.
  boost::asio::awaitable<void> run();

  /// Whether everything has been reported once. From any thread.
  bool is_synced() const { return synced_; }

  /// How long ago contact was lost; zero while there is contact. From any thread.
  std::chrono::seconds age() const;

  const std::string& path() const { return path_; }

 private:
  boost::asio::awaitable<Result<void>> list();
  boost::asio::awaitable<Result<void>> watch();
  Result<void> take(const std::string& line);
  void found();
  void lost(const Error& error);

  KubeClient& client_;
  const std::string path_;
  const ReflectorEvents events_;
  std::string resource_version_;  // "": list anew
  bool in_contact_ = false;
  std::atomic<bool> synced_{false};
  std::atomic<std::chrono::steady_clock::duration> lost_since_;  // zero: in contact
};

}  // namespace initscan
