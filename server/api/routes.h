#pragma once

#include "server/auth/identity.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace initscan::server {

enum class Endpoint : std::uint8_t { scan, report, index, images, verdict, sbom, findings, history, search, metrics };

struct Route {
  Endpoint endpoint;
  std::string_view method;
  std::string_view pattern;  // "{digest}" stands for an image's digest; also what metrics call it
  Scope scope;
};

/// Every path that asks who wants it.
const std::vector<Route>& routes();

struct FoundRoute {
  const Route* route = nullptr;
  std::string digest;  // where the pattern has one
};

// No route: another method is wanted there, or there is nothing.
struct NoRoute {
  std::string wanted;  // "GET, HEAD"; "": nothing is there
};

/// `segments` of a path. HEAD is as GET.
std::variant<FoundRoute, NoRoute> find_route(std::string_view method, const std::vector<std::string>& segments);

}  // namespace initscan::server
