#include "common/crypto/certificate_words.h"

#include "common/crypto/base64.h"
#include "common/crypto/openssl_free.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace initscan {
namespace {

constexpr std::size_t kPemLine = 64;

using Bio = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, OpensslFree<X509_free>>;

std::string der_of(X509& certificate) {
  const int size = i2d_X509(&certificate, nullptr);
  std::string der(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  return i2d_X509(&certificate, &to) == size ? der : std::string();
}

Error too_large() {
  return {Errc::over_limit, "its certificates are larger than the limit of " + std::to_string(kMaxCertificateWords) +
                                " bytes in base64: name those alone that sign for the server"};
}

}  // namespace

Result<std::string> certificate_words_of(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<std::string> seen;
  std::string words;
  for (;;) {
    const Certificate certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate) break;
    std::string word = base64_encode(der_of(*certificate));
    if (std::find(seen.begin(), seen.end(), word) != seen.end()) continue;
    words += (words.empty() ? "" : ",") + word;
    if (words.size() > kMaxCertificateWords) return too_large();
    seen.push_back(std::move(word));
  }
  const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!is_end) return Error{Errc::malformed, "a certificate in it cannot be read"};
  if (words.empty()) return Error{Errc::malformed, "want certificates in PEM"};
  return words;
}

Result<std::string> pem_of_certificate_words(std::string_view words) {
  if (words.size() > kMaxCertificateWords) return too_large();
  std::string pem;
  for (bool is_last = false; !is_last;) {
    const std::size_t end = words.find(',');
    is_last = end == words.npos;
    const std::string_view word = words.substr(0, end);
    if (word.empty() || !base64_decode(word)) {
      return Error{Errc::malformed, "want certificates: DER in base64, separated by commas"};
    }
    pem += "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < word.size(); at += kPemLine) pem.append(word.substr(at, kPemLine)) += '\n';
    pem += "-----END CERTIFICATE-----\n";
    if (!is_last) words.remove_prefix(end + 1);
  }
  return pem;
}

}  // namespace initscan
