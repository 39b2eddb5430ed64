#include "common/crypto/peer_certificate.h"

#include <cstdint>
#include <cstdlib>

#include <openssl/x509.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan;
  X509* const certificate = d2i_X509(nullptr, &data, static_cast<long>(size));
  if (certificate == nullptr) return 0;
  const PeerCertificate peer = read_peer_certificate(*certificate);
  X509_free(certificate);
  if (peer.names.size() > kMaxPeerNames) std::abort();
  for (const std::string& name : peer.names) {
    if (name.size() > kMaxPeerNameBytes || name.find('\0') != name.npos) std::abort();
  }
  return 0;
}
