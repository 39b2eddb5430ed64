#pragma once

#include "server/auth/identity.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace initscan::server {

enum class Endpoint : std::uint8_t {
  scan,
  match,
  report,
  send_audit,
  index,
  images,
  verdict,
  sbom,
  findings,
  history,
  search,
  audits,
  last_audit,
  audit,
  metrics,
};

struct Route {
  Endpoint endpoint;
  std::string_view method;
  std::string_view pattern;  // "{digest}" stands for an image's digest, "{id}" for a number; also what metrics call it
  Scope scope;
  std::vector<std::string_view> parameters{};  // that its query may have
};

/// Every path that asks who wants it.
const std::vector<Route>& routes();

struct FoundRoute {
  const Route* route = nullptr;
  std::string digest;  // where the pattern has one, as the next
  std::string id;
};

// No route: another method is wanted there, or there is nothing.
struct NoRoute {
  std::string wanted;  // "GET, HEAD, POST"; "": nothing is there
};

/// `segments` of a path. HEAD is as GET.
std::variant<FoundRoute, NoRoute> find_route(std::string_view method, const std::vector<std::string>& segments);

}  // namespace initscan::server
