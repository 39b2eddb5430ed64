#pragma once

#include "common/kube/client.h"
#include "injector/certificates/plan.h"

#include <string>
#include <vector>

namespace initscan::injector {

/// The state in a Secret's data, and back. What is missing or not base64 reads as empty: it is made again.
TlsState tls_state_of(const nlohmann::json& secret);
nlohmann::json secret_data(const TlsState& state);

// Keeps certificates in a Secret and their authority in every webhook's caBundle.
class CertificateKeeper {
 public:
  /// `configuration`: of the webhooks; "": no webhook calls what has these certificates.
  CertificateKeeper(KubeClient& client, std::string namespace_name, std::string secret, std::string configuration,
                    std::vector<std::string> names, const TlsLives& lives);

  /// One look at everything, and what follows from it. Only for the replica that leads.
  boost::asio::awaitable<Result<void>> keep();

 private:
  boost::asio::awaitable<Result<TlsState>> keep_secret();
  boost::asio::awaitable<Result<void>> keep_bundle(std::string path, const std::string& bundle);

  KubeClient& client_;
  const std::string namespace_name_;
  const std::string secret_;
  const std::string configuration_;
  const std::vector<std::string> names_;
  const TlsLives lives_;
};

}  // namespace initscan::injector
