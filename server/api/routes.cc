#include "server/api/routes.h"

namespace initscan::server {
namespace {

constexpr std::string_view kDigest = "{digest}";
constexpr std::string_view kId = "{id}";

// nullopt: another path.
std::optional<FoundRoute> match(const Route& route, const std::vector<std::string>& segments) {
  FoundRoute found{&route, {}, {}};
  std::string_view pattern = route.pattern;
  std::size_t place = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, end);
    pattern.remove_prefix(end);
    if (place == segments.size()) return std::nullopt;
    if (part == kDigest) {
      found.digest = segments[place];
    } else if (part == kId) {
      found.id = segments[place];
    } else if (part != segments[place]) {
      return std::nullopt;
    }
    ++place;
  }
  return place == segments.size() ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> kRoutes{
      {Endpoint::scan, "POST", "/v1/scan", Scope::scan, {"image"}},
      {Endpoint::match, "POST", "/v1/match", Scope::scan},
      {Endpoint::report, "POST", "/v1/reports", Scope::report},
      {Endpoint::send_audit, "POST", "/v1/audits", Scope::audit},
      {Endpoint::index, "GET", "/v1/index", Scope::index},
      {Endpoint::images, "GET", "/v1/images", Scope::read, {"namespace", "after", "limit"}},
      {Endpoint::verdict, "GET", "/v1/verdicts/{digest}", Scope::read, {"namespace"}},
      {Endpoint::sbom, "GET", "/v1/images/{digest}/sbom", Scope::read, {"namespace"}},
      {Endpoint::findings, "GET", "/v1/images/{digest}/findings", Scope::read, {"namespace"}},
      {Endpoint::history, "GET", "/v1/images/{digest}/history", Scope::read, {"namespace", "before", "limit"}},
      {Endpoint::search, "GET", "/v1/search", Scope::read, {"package", "below", "cve", "namespace", "after", "limit"}},
      {Endpoint::audits, "GET", "/v1/audits", Scope::read, {"before", "limit"}},
      {Endpoint::last_audit, "GET", "/v1/audits/latest", Scope::read},
      {Endpoint::audit, "GET", "/v1/audits/{id}", Scope::read},
      {Endpoint::metrics, "GET", "/metrics", Scope::metrics},
  };
  return kRoutes;
}

std::variant<FoundRoute, NoRoute> find_route(std::string_view method, const std::vector<std::string>& segments) {
  NoRoute none;
  for (const Route& route : routes()) {
    auto found = match(route, segments);
    if (!found) continue;
    const bool is_get = route.method == "GET";
    if (method == route.method || (is_get && method == "HEAD")) return std::move(*found);
    const std::string wanted = is_get ? "GET, HEAD" : std::string(route.method);
    // A path may stand for itself and for what is variable in another.
    if (none.wanted.find(wanted) == std::string::npos) none.wanted += (none.wanted.empty() ? "" : ", ") + wanted;
  }
  return none;
}

}  // namespace initscan::server
