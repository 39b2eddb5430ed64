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

  // Where it is set, nothing of a list is kept: each object goes here as its page comes, and `replaced` gets none. A
  // list starts with no object at all, and so does one that has to start over.
  std::function<void(const nlohmann::json* object)> listed{};

  // Where it is set, an object that is too large to be read, listed, added or modified, comes here with no more than
  // what it starts with: its name, its uid. Elsewhere such an object is an error, and nothing is known any more.
  std::function<void(const nlohmann::json& beginning)> too_large{};
};

// How a kind of object is asked for.
struct ReflectorOptions {
  unsigned page = 500;         // objects of one answer
  bool metadata_only = false;  // PartialObjectMetadata: of large objects of which only labels count
};

// Follows one kind of object: lists it, then watches it with bookmarks, for ever. A watch that ends or breaks is
// resumed where it was; if that is too long ago (410), everything is listed again. What was reported last stays
// valid meanwhile, and age() says how old it is.
class Reflector {
 public:
  /// `path` is a collection, with a selector or without: "/api/v1/namespaces".
  Reflector(KubeClient& client, std::string path, ReflectorEvents events, ReflectorOptions options = {});

  /// Never ends by itself; ends with its executor's context.
  boost::asio::awaitable<void> run();

  /// Whether everything has been reported once. From any thread.
  bool is_synced() const { return synced_; }

  /// Lists everything once more, with the next thing that is heard of the watch. On the client's executor.
  void list_again() { resource_version_.clear(); }

  /// How long ago contact was lost; zero while there is contact. From any thread.
  std::chrono::seconds age() const;

  const std::string& path() const { return path_; }

 private:
  boost::asio::awaitable<Result<void>> list();
  Result<void> hand_on(const std::string& body, bool first);
  Result<void> take_page(const std::string& body, bool first, std::vector<nlohmann::json>& items);
  boost::asio::awaitable<Result<void>> watch();
  Result<void> take(const KubeLine& line);
  void found();
  void lost(const Error& error);

  KubeClient& client_;
  const std::string path_;
  const ReflectorEvents events_;
  const ReflectorOptions options_;
  std::string resource_version_;  // "": list anew
  bool in_contact_ = false;
  std::atomic<bool> synced_{false};
  std::atomic<std::chrono::steady_clock::duration> lost_since_;  // zero: in contact
};

}  // namespace initscan
