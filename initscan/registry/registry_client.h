#pragma once

#include "common/http/client.h"
#include "common/http/url.h"
#include "common/result.h"
#include "initscan/fetch/download.h"
#include "initscan/fetch/kept_file.h"
#include "initscan/registry/credentials.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace initscan {

inline constexpr std::chrono::minutes kLongestUpload{60};

struct RegistryClientOptions {
  std::string url;         // "https://registry.example.com:5000"
  std::string repository;  // "security/advisories"
  bool is_writing = false;
  std::optional<RegistryCredentials> credentials{};
  std::string ca_file{};
};

/// "registry.example.com:5000" of "https://registry.example.com:5000/": by what its credentials are kept.
std::string host_of_registry(const std::string& url);

// Asks a registry as the OCI distribution specification 1.1 has it, and looks into nothing that it brings or sends but
// answers about who asks. Credentials go to the registry that was named, or to the server of tokens that it names, by
// TLS, and by plain http within this machine alone; a redirect takes none of them along.
class RegistryClient {
 public:
  /// Errors: usage - no URL.
  static Result<RegistryClient> make(RegistryClientOptions options);

  /// Brings "manifests/latest" or "blobs/sha256:..." into a kept file's new state, as fetch() does. `accept` is ""
  /// where any type will do; `most` bytes are taken. Errors: as of fetch(); refused - also, credentials that are not
  /// sent.
  Result<Fetched> bring(const std::string& what, const std::string& accept, std::uint64_t most, const KeptFile& file,
                        const FetchProgress& progress);

  /// Sends a file as a blob, unless the registry has it. Whether it was sent.
  Result<bool> send_blob(const std::string& digest, const std::string& file);

  /// Sends a manifest of this digest under a tag, or under the digest.
  Result<void> send_manifest(const std::string& name, const std::string& type, const std::string& digest,
                             const std::string& file);

 private:
  RegistryClient(RegistryClientOptions options, HttpUrl base);

  std::string url_of(const std::string& what) const;
  Result<HttpReply> ask(HttpClientRequest request);
  Result<void> authorize(const HttpReply& reply);
  Result<void> authorize_by_token(const std::string& realm, const std::string& service);
  Result<std::string> place_of_upload(const HttpReply& reply) const;
  std::string advice() const;

  const RegistryClientOptions options_;
  const HttpUrl base_;
  const std::string root_;  // base_ without a slash at its end
  const std::string host_;
  std::unique_ptr<HttpClient> client_;
  HttpCredentials shown_;  // with each request
};

}  // namespace initscan
