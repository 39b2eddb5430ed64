#include "audit/server/server_client.h"

#include "common/file_io.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxCaBytes = 1 << 20;
constexpr unsigned kNotFound = 404;
constexpr const char* kProblem = "application/problem+json";

HttpClientOptions options(const ServerAccess& access) {
  HttpClientOptions options;
  options.user_agent = "initscan-audit";
  options.ca_file = access.ca_file;
  options.limits.connect = std::chrono::seconds(10);
  options.limits.total = std::chrono::seconds(60);
  return options;
}

// Without what follows the host and its path, and without a slash at its end.
Result<std::string> base_of(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "https" || parsed->host().empty() || parsed->has_userinfo() ||
      parsed->has_query() || parsed->has_fragment()) {
    return Error{Errc::usage, '"' + text + "\": want https://HOST:PORT of an initscan-server"};
  }
  std::string base(parsed->buffer());
  while (base.ends_with('/')) base.pop_back();
  return base;
}

// A server that knows the path names the image; another one, or a proxy, that has nothing there says nothing of it.
bool is_about(const HttpReply& reply, std::string_view digest) {
  const std::string* const type = reply.header("content-type");
  return type != nullptr && type->starts_with(kProblem) && reply.body.find(digest) != std::string::npos;
}

}  // namespace

ServerClient::ServerClient(ServerAccess access) : access_(std::move(access)), client_(options(access_)) {}

Result<std::unique_ptr<ServerClient>> ServerClient::open(ServerAccess access) {
  auto base = base_of(access.url);
  if (!base) return base.error();
  access.url = std::move(*base);
  if (!access.token_file.empty()) {
    if (auto token = read_token(access.token_file); !token) return token.error();
  }
  if (!access.ca_file.empty()) {
    if (auto ca = read_file(access.ca_file, kMaxCaBytes); !ca) return std::move(ca).error().within(access.ca_file);
  }
  return std::unique_ptr<ServerClient>(new ServerClient(std::move(access)));
}

Result<HttpReply> ServerClient::ask(HttpClientRequest request, const std::string& path) const {
  request.url = access_.url + path;
  if (!access_.token_file.empty()) {
    auto token = read_token(access_.token_file);
    if (!token) return token.error();
    request.credentials.kind = HttpCredentials::Kind::bearer;
    request.credentials.secret = std::move(*token);
  }
  return client_.send(request);
}

Result<std::optional<std::string>> ServerClient::sbom(std::string_view digest) const {
  HttpClientRequest request;
  request.body_bytes = kMaxServerDocument;
  auto reply = ask(std::move(request), "/v1/images/" + std::string(digest) + "/sbom");
  if (!reply) return reply.error();
  if (reply->status == kNotFound && is_about(*reply, digest)) return std::optional<std::string>();
  if (reply->status == kNotFound) {
    return Error{Errc::unsupported, access_.url + ": HTTP 404: no initscan-server answers there"};
  }
  if (!reply->ok()) return refusal(*reply);
  return std::optional(std::move(reply->body));
}

Result<void> ServerClient::send_audit(std::string_view report) const {
  HttpClientRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = report;
  request.harmless = true;  // the same report twice is one
  const auto reply = ask(std::move(request), "/v1/audits");
  if (!reply) return reply.error();
  return reply->ok() ? Result<void>() : refusal(*reply);
}

}  // namespace initscan::audit
