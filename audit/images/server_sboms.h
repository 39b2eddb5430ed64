#pragma once

#include "audit/images/sbom_source.h"
#include "audit/server/server_client.h"

namespace initscan::audit {

// The SBOMs that were reported to an initscan-server: the newest of each image. One that cannot be asked is asked once:
// what it did not answer is not known, and trouble() says so of the whole audit.
class ServerSboms : public SbomSource {
 public:
  /// `server` outlives this.
  explicit ServerSboms(const ServerClient& server) : server_(server) {}

  Result<std::optional<Document>> sbom(std::string_view digest) override;
  std::string where() const override { return "has been reported to " + server_.url(); }
  std::string trouble() const override { return trouble_; }

 private:
  const ServerClient& server_;
  std::string trouble_;   // the first
  bool is_over_ = false;  // and there is no use in asking again
};

}  // namespace initscan::audit
