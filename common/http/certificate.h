#pragma once

#include "common/result.h"

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace initscan {

// A certificate with its key, ready to serve.
struct Certificate {
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::chrono::sys_seconds expiry;
};

/// The same from memory. Errors: malformed.
Result<Certificate> read_certificate(const std::string& certificate_pem, const std::string& key_pem);

/// Loads a certificate chain and its private key, both PEM, for TLS 1.2 and 1.3.
/// Errors: io - named by file, with what is wanted.
Result<Certificate> load_certificate(const std::string& certificate_file, const std::string& key_file);

// What tells one content of the two files from another without reading them: also a Secret's mount, whose
// files are links to a folder that is swapped as a whole.
class CertificateFiles {
 public:
  CertificateFiles(std::string certificate_file, std::string key_file);

  /// Whether they are others than at the last call, or than at construction.
  bool have_changed();

 private:
  std::string stamp() const;

  std::string certificate_file_;
  std::string key_file_;
  std::string stamp_;
};

}  // namespace initscan
