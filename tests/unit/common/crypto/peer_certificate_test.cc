#include "common/crypto/peer_certificate.h"

#include <memory>
#include <string>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Made {
 public:
  Made() : certificate_(X509_new(), X509_free) { ASN1_TIME_set(X509_getm_notAfter(certificate_.get()), 1'800'000'000); }

  Made& common_name(const std::string& name) {
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate_.get()), NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1,
                               0);
    return *this;
  }

  Made& alternative_names(const std::string& names) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
    return *this;
  }

  PeerCertificate read() const { return read_peer_certificate(*certificate_); }

 private:
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

TEST(PeerCertificate, SaysWhoItIsOfAndUntilWhen) {
  const PeerCertificate peer =
      Made().common_name("gate").alternative_names("DNS:a.example,URI:spiffe://x/y,IP:10.0.0.1,email:a@b").read();
  EXPECT_THAT(peer.names, ElementsAre("CN:gate", "DNS:a.example", "URI:spiffe://x/y"));
  EXPECT_EQ(peer.expiry, std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)));
}

TEST(PeerCertificate, NamesThatCanBeTakenForOthersAreLeftOut) {
  using namespace std::string_literals;
  EXPECT_THAT(Made().common_name("gate\0.evil.example"s).read().names, IsEmpty());
  EXPECT_THAT(Made().common_name("two words").read().names, IsEmpty());
  EXPECT_THAT(Made().common_name("g\xc3\xa4te").read().names, IsEmpty());
  EXPECT_THAT(Made().common_name("one").common_name("two").read().names, IsEmpty());
  EXPECT_THAT(Made().read().names, IsEmpty());
}

TEST(PeerCertificate, OneWithTooManyNamesHasNone) {
  std::string names = "DNS:n";
  for (std::size_t i = 1; i <= kMaxPeerNames; ++i) names += ",DNS:n" + std::to_string(i);
  EXPECT_THAT(Made().alternative_names(names).read().names, IsEmpty());
}

}  // namespace
}  // namespace initscan
