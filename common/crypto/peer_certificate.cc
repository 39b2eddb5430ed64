#include "common/crypto/peer_certificate.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <string_view>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace initscan {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

// Of the bytes as they are: one with a zero byte in it ends for nobody there.
bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void add(std::vector<std::string>& names, std::string_view kind, const ASN1_STRING* text) {
  const std::string_view name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                              static_cast<std::size_t>(ASN1_STRING_length(text)));
  if (is_plain(name) && kind.size() + name.size() <= kMaxPeerNameBytes) {
    names.push_back(std::string(kind) + std::string(name));
  }
}

// Of several common names none can be told for the one that is meant.
void add_common_name(std::vector<std::string>& names, const X509_NAME* subject) {
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, place) >= 0) return;
  add(names, "CN:", X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
}

void add_alternative_names(std::vector<std::string>& names, const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) add(names, "DNS:", name->d.dNSName);
    if (name->type == GEN_URI) add(names, "URI:", name->d.uniformResourceIdentifier);
  }
}

}  // namespace

PeerCertificate read_peer_certificate(const X509& certificate) {
  PeerCertificate peer;
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &end) != 1) return {};
  peer.expiry = std::chrono::sys_seconds(std::chrono::seconds(timegm(&end)));
  add_common_name(peer.names, X509_get_subject_name(&certificate));
  add_alternative_names(peer.names, certificate);
  if (peer.names.size() > kMaxPeerNames) peer.names.clear();
  return peer;
}

}  // namespace initscan
