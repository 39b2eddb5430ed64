#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

struct x509_st;

namespace initscan {

inline constexpr std::size_t kMaxPeerNames = 64;       // of one certificate; of one with more there is none
inline constexpr std::size_t kMaxPeerNameBytes = 512;  // with its kind

// What a certificate says of its owner, and until when. Whether that is true its signature shows, which is not looked
// at here.
struct PeerCertificate {
  // "CN:NAME" of the subject, "DNS:NAME" and "URI:NAME" of its alternative names (RFC 5280, section 4.2.1.6): those
  // that are printable ASCII without spaces.
  std::vector<std::string> names;
  std::chrono::sys_seconds expiry;
};

PeerCertificate read_peer_certificate(const x509_st& certificate);

}  // namespace initscan
