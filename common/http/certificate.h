#pragma once

#include "common/result.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

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
/// With the certificates of authorities in `client_ca_file` clients are asked for one of theirs, and one that these
/// have not signed ends the connection; a client may have none. "": nobody is asked.
Result<Certificate> load_certificate(const std::string& certificate_file, const std::string& key_file,
                                     const std::string& client_ca_file = {});

// What tells one content of the files from another without reading them: also a Secret's mount, whose
// files are links to a folder that is swapped as a whole.
class CertificateFiles {
 public:
  explicit CertificateFiles(std::vector<std::string> paths);

  /// Whether they are others than at the last call, or than at construction.
  bool have_changed();

 private:
  std::string stamp() const;

  const std::vector<std::string> paths_;
  std::string stamp_;
};

}  // namespace initscan
