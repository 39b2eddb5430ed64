#include "injector/certificates/authority.h"

#include "common/crypto/openssl_free.h"

#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace initscan::injector {
namespace {

using Bio = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;

constexpr std::chrono::hours kClockSkew{1};
constexpr int kSerialBytes = 16;

Error failed(const char* what) {
  char reason[200] = "unknown reason";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, reason, sizeof reason);
  return {Errc::io, std::string("cannot ") + what + ": " + reason};
}

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

X509Ptr certificate_of(const std::string& pem) {
  const Bio bio = bio_of(pem);
  return X509Ptr(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

Result<KeyPair> pem_of(X509* certificate, EVP_PKEY* key) {
  const Bio certificate_bio(BIO_new(BIO_s_mem()));
  const Bio key_bio(BIO_new(BIO_s_mem()));
  if (!certificate_bio || !key_bio || PEM_write_bio_X509(certificate_bio.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return failed("write a certificate");
  }
  return KeyPair{text_of(certificate_bio), text_of(key_bio)};
}

bool set_serial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7F) | 0x40);  // positive, and of full length
  const std::unique_ptr<BIGNUM, OpensslFree<BN_free>> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_time(ASN1_TIME* field, std::chrono::sys_seconds time) {
  return ASN1_TIME_set(field, static_cast<std::time_t>(time.time_since_epoch().count())) != nullptr;
}

bool set_name(X509_NAME* name, std::string_view common_name) {
  const std::string text(common_name.substr(0, 64));  // X.520's limit
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.c_str()), -1,
                                    -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// What authority and leaf have in common.
X509Ptr draft(std::string_view common_name, EVP_PKEY* key, std::chrono::sys_seconds begin,
              std::chrono::sys_seconds end) {
  X509Ptr certificate(X509_new());
  const bool done =
      certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_serial(certificate.get()) &&
      set_time(X509_getm_notBefore(certificate.get()), begin) && set_time(X509_getm_notAfter(certificate.get()), end) &&
      set_name(X509_get_subject_name(certificate.get()), common_name) && X509_set_pubkey(certificate.get(), key) == 1;
  return done ? std::move(certificate) : nullptr;
}

std::chrono::sys_seconds time_of(const ASN1_TIME* field) {
  std::tm time{};
  if (ASN1_TIME_to_tm(field, &time) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&time)));
}

Validity read_validity(const X509* certificate) {
  return {time_of(X509_get0_notBefore(certificate)), time_of(X509_get0_notAfter(certificate))};
}

}  // namespace

Result<KeyPair> make_authority(std::string_view common_name, std::chrono::sys_seconds now, std::chrono::seconds life) {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("make a key");
  const X509Ptr certificate = draft(common_name, key.get(), now - kClockSkew, now + life);
  X509* const c = certificate.get();
  const bool done = c != nullptr && X509_set_issuer_name(c, X509_get_subject_name(c)) == 1 &&
                    add_extension(c, c, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(c, c, NID_key_usage, "critical,keyCertSign") &&
                    add_extension(c, c, NID_subject_key_identifier, "hash") &&
                    X509_sign(c, key.get(), EVP_sha256()) > 0;
  if (!done) return failed("make a certificate authority");
  return pem_of(c, key.get());
}

Result<KeyPair> issue_leaf(const KeyPair& authority, const std::vector<std::string>& names,
                           std::chrono::sys_seconds now, std::chrono::seconds life) {
  const X509Ptr issuer = certificate_of(authority.certificate);
  const Bio key_bio = bio_of(authority.key);
  const Key issuer_key(key_bio ? PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!issuer || !issuer_key) return failed("read the certificate authority");
  const Key key(EVP_EC_gen("P-256"));
  if (!key || names.empty()) return failed("make a key");

  std::string alternatives;
  for (const std::string& name : names) alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
  const auto end = std::min(now + life, read_validity(issuer.get()).end);
  const X509Ptr certificate = draft(names.front(), key.get(), now - kClockSkew, end);
  X509* const c = certificate.get();
  const bool done = c != nullptr && X509_set_issuer_name(c, X509_get_subject_name(issuer.get())) == 1 &&
                    add_extension(c, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(c, issuer.get(), NID_key_usage, "critical,digitalSignature") &&
                    add_extension(c, issuer.get(), NID_ext_key_usage, "serverAuth") &&
                    add_extension(c, issuer.get(), NID_authority_key_identifier, "keyid") &&
                    add_extension(c, issuer.get(), NID_subject_alt_name, alternatives) &&
                    X509_sign(c, issuer_key.get(), EVP_sha256()) > 0;
  if (!done) return failed("issue a certificate");
  return pem_of(c, key.get());
}

Result<Validity> validity_of(const std::string& certificate_pem) {
  const X509Ptr certificate = certificate_of(certificate_pem);
  if (!certificate) {
    ERR_clear_error();
    return Error{Errc::malformed, "want a certificate in PEM"};
  }
  return read_validity(certificate.get());
}

bool is_issued_by(const std::string& leaf_pem, const std::string& bundle_pem, const std::vector<std::string>& names) {
  const X509Ptr leaf = certificate_of(leaf_pem);
  bool is_signed = false;
  if (leaf) {
    for (const std::string& name : names) {
      if (X509_check_host(leaf.get(), name.data(), name.size(), 0, nullptr) != 1) return false;
    }
    const Bio bio = bio_of(bundle_pem);
    while (const X509Ptr issuer{bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr}) {
      is_signed = is_signed || X509_verify(leaf.get(), X509_get0_pubkey(issuer.get())) == 1;
    }
  }
  ERR_clear_error();  // the end of the bundle is one
  return is_signed;
}

}  // namespace initscan::injector
