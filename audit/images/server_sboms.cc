#include "audit/images/server_sboms.h"

namespace initscan::audit {
namespace {

// What the next image would meet, too: the client has tried again where that could help.
bool is_of_server(Errc code) {
  return code == Errc::unavailable || code == Errc::distrusted || code == Errc::refused || code == Errc::io ||
         code == Errc::unsupported || code == Errc::usage;
}

}  // namespace

Result<std::optional<SbomSource::Document>> ServerSboms::sbom(std::string_view digest) {
  if (is_over_) return Error{Errc::unavailable, trouble_};
  auto text = server_.sbom(digest);
  if (!text) {
    if (trouble_.empty()) trouble_ = text.error().text;
    is_over_ = is_of_server(text.error().code);
    if (is_over_) trouble_ = text.error().text;
    return text.error();
  }
  if (!*text) return std::optional<Document>();
  return std::optional(Document{std::move(**text), server_.url() + ": the SBOM of " + std::string(digest)});
}

}  // namespace initscan::audit
