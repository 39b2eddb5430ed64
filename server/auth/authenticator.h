#pragma once

#include "common/crypto/peer_certificate.h"
#include "common/result.h"
#include "server/auth/identity.h"
#include "server/auth/token_file.h"
#include "server/auth/token_review.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace initscan::server {

/// The token of an Authorization header: "Bearer TOKEN" (RFC 6750, section 2.1); "" where there is none.
std::string_view bearer_of(std::string_view authorization);

// Tells who asks: by a static table, of tokens and of certificates, then by the cluster. From any thread.
class Authenticator {
 public:
  /// `reviewer` may be nullptr: there is no cluster.
  explicit Authenticator(std::unique_ptr<TokenReviewer> reviewer) : reviewer_(std::move(reviewer)) {}

  /// Takes the place of the table before.
  void use(TokenTable table);

  /// nullopt: nobody that is known. Errors: unavailable - the cluster cannot be asked.
  boost::asio::awaitable<Result<std::optional<Identity>>> identify(std::string token, std::string address);

  /// Who a client with this certificate is, whose signature was found right; nullopt: nobody that is known, or it has
  /// expired.
  std::optional<Identity> identify(const PeerCertificate& peer, std::chrono::sys_seconds now) const;

  /// Whether a client may see what was reported from a namespace; "": from all. Errors: as of identify().
  boost::asio::awaitable<Result<bool>> may_read(Identity identity, std::string space);

  /// What the cluster knows of a client's pod. Errors: not_found - there is no cluster, or no pod; those of
  /// TokenReviewer::pod_of().
  boost::asio::awaitable<Result<ReportingPod>> pod_of(Identity identity);

 private:
  std::shared_ptr<const TokenTable> table() const;

  const std::unique_ptr<TokenReviewer> reviewer_;
  mutable std::mutex mutex_;
  std::shared_ptr<const TokenTable> table_ = std::make_shared<TokenTable>();  // under mutex_
};

}  // namespace initscan::server
