#pragma once

#include "common/http/client.h"
#include "common/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace initscan::audit {

inline constexpr std::size_t kMaxServerDocument = 16 << 20;  // an initscan-server takes and keeps none that is larger

// How an initscan-server is reached.
struct ServerAccess {
  std::string url;         // https://HOST:PORT
  std::string token_file;  // read again for each question: a projected token is replaced while an audit runs
  std::string ca_file;     // PEM; "": the system's roots
};

// Asks an initscan-server. Its certificate is always verified, and what it sends is bounded. It blocks.
class ServerClient {
 public:
  /// Errors: usage - no https URL; io - the token or the CA cannot be read.
  static Result<std::unique_ptr<ServerClient>> open(ServerAccess access);

  /// The newest SBOM of an image that was reported; nullopt: none was. Errors: as HttpClient::demand(), named by URL;
  /// unsupported - it is no initscan-server; io - the token cannot be read.
  Result<std::optional<std::string>> sbom(std::string_view digest) const;

  /// Sends the report of an audit; the same twice is one. Errors: as of sbom().
  Result<void> send_audit(std::string_view report) const;

  const std::string& url() const { return access_.url; }

 private:
  explicit ServerClient(ServerAccess access);
  Result<HttpReply> ask(HttpClientRequest request, const std::string& path) const;

  const ServerAccess access_;
  const HttpClient client_;
};

}  // namespace initscan::audit
