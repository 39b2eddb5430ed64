#include "server/api/routes.h"

namespace initscan::server {
namespace {

constexpr std::string_view kDigest = "{digest}";

// nullopt: another path.
std::optional<std::string> match(std::string_view pattern, const std::vector<std::string>& segments) {
  std::string digest;
  std::size_t place = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, end);
    pattern.remove_prefix(end);
    if (place == segments.size()) return std::nullopt;
    if (part == kDigest) {
      digest = segments[place];
    } else if (part != segments[place]) {
      return std::nullopt;
    }
    ++place;
  }
  return place == segments.size() ? std::optional(digest) : std::nullopt;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> kRoutes{
      {Endpoint::scan, "POST", "/v1/scan", Scope::scan},
      {Endpoint::report, "POST", "/v1/reports", Scope::report},
      {Endpoint::index, "GET", "/v1/index", Scope::index},
      {Endpoint::images, "GET", "/v1/images", Scope::read},
      {Endpoint::verdict, "GET", "/v1/verdicts/{digest}", Scope::read},
      {Endpoint::sbom, "GET", "/v1/images/{digest}/sbom", Scope::read},
      {Endpoint::findings, "GET", "/v1/images/{digest}/findings", Scope::read},
      {Endpoint::history, "GET", "/v1/images/{digest}/history", Scope::read},
      {Endpoint::search, "GET", "/v1/search", Scope::read},
      {Endpoint::metrics, "GET", "/metrics", Scope::metrics},
  };
  return kRoutes;
}

std::variant<FoundRoute, NoRoute> find_route(std::string_view method, const std::vector<std::string>& segments) {
  for (const Route& route : routes()) {
    auto digest = match(route.pattern, segments);
    if (!digest) continue;
    const bool is_get = route.method == "GET";
    if (method == route.method || (is_get && method == "HEAD")) return FoundRoute{&route, std::move(*digest)};
    return NoRoute{is_get ? "GET, HEAD" : std::string(route.method)};
  }
  return NoRoute{};
}

}  // namespace initscan::server
