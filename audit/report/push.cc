#include "audit/report/push.h"

#include "common/http/client.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace initscan::audit {
namespace {

HttpClientOptions options() {
  HttpClientOptions options;
  options.user_agent = "initscan-audit";
  options.limits.connect = std::chrono::seconds(10);
  options.limits.total = std::chrono::seconds(60);
  return options;
}

// The group's URL, credentials included.
Result<std::string> group_of(const std::string& text) {
  const Error wrong{Errc::usage, "Pushgateway: want http://HOST:PORT or https://HOST:PORT"};
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") || parsed->host().empty()) return wrong;
  boost::urls::url url(*parsed);
  url.remove_query();
  url.remove_fragment();
  std::string path(url.encoded_path());
  while (path.ends_with('/')) path.pop_back();
  if (path.find("/metrics/job") == std::string::npos) path += "/metrics/job/initscan-audit";
  url.set_encoded_path(path);
  return std::string(url.buffer());
}

}  // namespace

Result<void> push_metrics(const std::string& url, std::string_view body) {
  HttpClientRequest request;
  auto group = group_of(url);
  if (!group) return group.error();
  request.method = "PUT";
  request.url = std::move(*group);
  request.headers = {{"Content-Type", "text/plain; version=0.0.4"}};
  request.body = body;
  const auto reply = HttpClient(options()).demand(request);
  if (!reply) return reply.error();
  return {};
}

}  // namespace initscan::audit
