#include "common/http/certificate.h"

#include "common/file_io.h"

#include <ctime>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

namespace initscan {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t kMaxPemBytes = 1 << 20;
constexpr int kMaxClientChain = 4;  // authorities between a client and one that is believed

std::shared_ptr<ssl::context> server_context() {
  auto tls = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code ignored;
  // No resumption: API servers do not ask for it, and its state would grow with each handshake of a flood.
  // No renegotiation: it costs the server more than the client.
  tls->set_options(
      ssl::context::default_workarounds | ssl::context::no_compression | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION,
      ignored);
  SSL_CTX_set_num_tickets(tls->native_handle(), 0);
  SSL_CTX_set_session_cache_mode(tls->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  return tls;
}

boost::system::error_code use_chain(ssl::context& tls, const std::string& pem) {
  boost::system::error_code ec;
  tls.use_certificate_chain(boost::asio::buffer(pem.data(), pem.size()), ec);
  return ec;
}

// What is wrong with a key for the chain that is in use; "": nothing. OpenSSL takes one of another kind than the
// certificate's beside it, as a second identity without a certificate, and asks the terminal for a passphrase.
std::string use_key(ssl::context& tls, const std::string& pem) {
  boost::system::error_code ec;
  tls.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, ec);
  tls.use_private_key(boost::asio::buffer(pem.data(), pem.size()), ssl::context::pem, ec);
  if (ec) return ec.message();
  if (SSL_CTX_check_private_key(tls.native_handle()) == 1) return {};
  ERR_clear_error();
  return "it is the key of another certificate";
}

struct FreeNameList {
  void operator()(STACK_OF(X509_NAME) * names) const { sk_X509_NAME_pop_free(names, X509_NAME_free); }
};

// Whom clients are asked to be certified by: those that have several certificates choose by that.
Result<void> ask_clients(ssl::context& tls, const std::string& path) {
  const auto authorities = read_file(path, kMaxPemBytes);
  if (!authorities) return Error{authorities.error()}.within(path);
  boost::system::error_code ec;
  tls.add_certificate_authority(boost::asio::buffer(authorities->data(), authorities->size()), ec);
  std::unique_ptr<STACK_OF(X509_NAME), FreeNameList> names(ec ? nullptr : SSL_load_client_CA_file(path.c_str()));
  if (!names) return Error{Errc::io, path + ": want certificates of authorities in PEM"};
  SSL_CTX_set_client_CA_list(tls.native_handle(), names.release());
  SSL_CTX_set_verify_depth(tls.native_handle(), kMaxClientChain);
  tls.set_verify_mode(ssl::verify_peer, ec);
  return {};
}

std::chrono::sys_seconds expiry_of(SSL_CTX* tls) {
  const X509* const certificate = SSL_CTX_get0_certificate(tls);
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&end)));
}

std::string stamp_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return "missing";
  return std::to_string(status.st_ino) + ' ' + std::to_string(status.st_size) + ' ' +
         std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace

Result<Certificate> read_certificate(const std::string& certificate_pem, const std::string& key_pem) {
  auto tls = server_context();
  if (const auto ec = use_chain(*tls, certificate_pem)) {
    return Error{Errc::malformed, "want a certificate in PEM: " + ec.message()};
  }
  if (const std::string wrong = use_key(*tls, key_pem); !wrong.empty()) {
    return Error{Errc::malformed, "want the certificate's private key in PEM, without a passphrase: " + wrong};
  }
  const auto expiry = expiry_of(tls->native_handle());
  return Certificate{std::move(tls), expiry};
}

Result<Certificate> load_certificate(const std::string& certificate_file, const std::string& key_file,
                                     const std::string& client_ca_file) {
  const auto certificate = read_file(certificate_file, kMaxPemBytes);
  if (!certificate) return Error{certificate.error()}.within(certificate_file);
  const auto key = read_file(key_file, kMaxPemBytes);
  if (!key) return Error{key.error()}.within(key_file);
  auto tls = server_context();
  if (const auto ec = use_chain(*tls, *certificate)) {
    return Error{Errc::io, certificate_file + ": want a certificate in PEM: " + ec.message()};
  }
  if (const std::string wrong = use_key(*tls, *key); !wrong.empty()) {
    return Error{Errc::io, key_file + ": want the private key of " + certificate_file +
                               " in PEM, without a passphrase: " + wrong};
  }
  if (!client_ca_file.empty()) {
    if (auto asked = ask_clients(*tls, client_ca_file); !asked) return asked.error();
  }
  const auto expiry = expiry_of(tls->native_handle());
  return Certificate{std::move(tls), expiry};
}

CertificateFiles::CertificateFiles(std::vector<std::string> paths) : paths_(std::move(paths)), stamp_(stamp()) {}

bool CertificateFiles::have_changed() {
  std::string now = stamp();
  std::swap(now, stamp_);
  return now != stamp_;
}

std::string CertificateFiles::stamp() const {
  std::string all;
  for (const std::string& path : paths_) all += stamp_of(path) + '\n';
  return all;
}

}  // namespace initscan
