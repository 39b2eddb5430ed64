#include "initscan/registry/registry_client.h"

#include "common/file_io.h"
#include "common/text/percent.h"
#include "common/text/visible.h"
#include "initscan/registry/challenge.h"
#include "initscan/registry/manifest.h"
#include "initscan/registry/reference.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

constexpr unsigned kUnauthorized = 401;
constexpr std::chrono::seconds kStall{30};
constexpr std::chrono::seconds kStallOfWriting{300};  // a registry looks at all of a blob before it answers
constexpr std::string_view kPlainInQuery = "-._~/";

HttpClientOptions client_options(const RegistryClientOptions& options) {
  HttpClientOptions made;
  made.ca_file = options.ca_file;
  made.limits.attempts = 2;
  made.limits.stall = options.is_writing ? kStallOfWriting : kStall;
  return made;
}

std::string root_of(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// Of all headers of that name, one challenge after the other.
Result<std::vector<Challenge>> challenges_of(const HttpReply& reply) {
  std::vector<Challenge> all;
  for (const auto& [name, value] : reply.headers) {
    if (name != "www-authenticate") continue;
    auto challenges = read_challenges(value);
    if (!challenges) return challenges;
    std::move(challenges->begin(), challenges->end(), std::back_inserter(all));
  }
  return all;
}

const Challenge* challenge_of(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found = std::find_if(challenges.begin(), challenges.end(),
                                  [&](const Challenge& challenge) { return challenge.scheme == scheme; });
  return found == challenges.end() ? nullptr : &*found;
}

std::string with_query(std::string url, const std::string& query) {
  return std::move(url) + (url.find('?') == std::string::npos ? '?' : '&') + query;
}

}  // namespace

std::string host_of_registry(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == url.npos ? 0 : scheme + 3;
  return url.substr(start, url.find('/', start) - start);
}

Result<RegistryClient> RegistryClient::make(RegistryClientOptions options) {
  auto base = HttpUrl::parse(options.url);
  if (!base) return base.error();
  return RegistryClient(std::move(options), std::move(*base));
}

RegistryClient::RegistryClient(RegistryClientOptions options, HttpUrl base)
    : options_(std::move(options)),
      base_(std::move(base)),
      root_(root_of(base_.text)),
      host_(host_of_registry(root_)),
      client_(std::make_unique<HttpClient>(client_options(options_))) {}

std::string RegistryClient::url_of(const std::string& what) const {
  return root_ + "/v2/" + options_.repository + '/' + what;
}

std::string RegistryClient::advice() const {
  return options_.credentials ? "; are the credentials for " + visible(host_) + " right, and may they?"
                              : "; --auth names a file with credentials for " + visible(host_);
}

// Sends a request, a second time where the registry wants to know who asks.
Result<HttpReply> RegistryClient::ask(HttpClientRequest request) {
  request.credentials = shown_;
  auto reply = client_->send(request);
  if (!reply || reply->status != kUnauthorized) return reply;
  if (auto authorized = authorize(*reply); !authorized) return authorized.error();
  request.credentials = shown_;
  return client_->send(request);
}

Result<void> RegistryClient::authorize(const HttpReply& reply) {
  const std::string url = shown_url(reply.url);
  const auto challenges = challenges_of(reply);
  if (!challenges) return Error(challenges.error()).within(url);
  if (const Challenge* const bearer = challenge_of(*challenges, "bearer"); bearer != nullptr) {
    if (auto authorized = authorize_by_token(bearer->realm, bearer->service); !authorized) {
      return std::move(authorized).error().within(url);
    }
    return {};
  }
  if (challenge_of(*challenges, "basic") == nullptr) {
    return Error{Errc::unsupported, url + ": HTTP 401: it asks for credentials of a kind that is not known here"};
  }
  if (!options_.credentials) return Error{Errc::refused, url + ": HTTP 401" + advice()};
  if (!base_.is_tls && !is_loopback(host_)) {
    return Error{Errc::refused, url + ": it asks for credentials, which are not sent by plain http"};
  }
  shown_ = {HttpCredentials::Kind::basic, options_.credentials->user, options_.credentials->password};
  return {};
}

// The scope is what is meant to be done, and nothing that a registry wishes for.
Result<void> RegistryClient::authorize_by_token(const std::string& realm, const std::string& service) {
  const auto url = HttpUrl::parse(realm);
  if (!url) return Error{Errc::malformed, "HTTP 401: it names no URL that gives tokens"};
  const bool is_own = url->origin == base_.origin && is_loopback(host_);
  if (!url->is_tls && !is_own) {
    return Error{Errc::refused, "HTTP 401: it sends to " + shown_url(url->text) +
                                    " for a token, and nothing is asked there by plain http"};
  }
  const std::string scope = "repository:" + options_.repository + (options_.is_writing ? ":pull,push" : ":pull");
  HttpClientRequest request;
  request.url = with_query(url->text, "service=" + percent_encode(service, kPlainInQuery) +
                                          "&scope=" + percent_encode(scope, kPlainInQuery));
  request.body_bytes = kMaxTokenAnswerBytes;
  if (options_.credentials) {
    request.credentials = {HttpCredentials::Kind::basic, options_.credentials->user, options_.credentials->password};
  }
  const auto reply = client_->demand(request);
  if (!reply) {
    Error error = reply.error();
    if (error.code == Errc::refused) error.text += advice();
    return error;
  }
  auto token = token_in(reply->body);
  if (!token) return std::move(token).error().within(shown_url(url->text));
  shown_ = {HttpCredentials::Kind::bearer, {}, std::move(*token)};
  return {};
}

Result<Fetched> RegistryClient::bring(const std::string& what, const std::string& accept, std::uint64_t most,
                                      const KeptFile& file, const FetchProgress& progress) {
  DownloadRequest download{url_of(what)};
  if (!accept.empty()) download.headers.emplace_back("Accept", accept);
  download.most_bytes = most;
  // A token may be too old before all has come; what came goes on then.
  constexpr unsigned kMostTokens = 2;
  for (unsigned tokens = 1;; ++tokens) {
    HttpClientRequest head;  // who asks is told before anything is brought
    head.method = "HEAD";
    head.url = download.url;
    head.headers = download.headers;
    const auto reply = ask(std::move(head));
    if (!reply) return reply.error();
    if (!reply->ok()) {
      Error error = refusal(*reply);
      if (reply->status == kUnauthorized || error.code == Errc::refused) error.text += advice();
      return error;
    }
    download.credentials = shown_;
    auto fetched = fetch(*client_, download, file, progress);
    if (fetched || fetched.error().code != Errc::refused || tokens == kMostTokens) return fetched;
  }
}

Result<bool> RegistryClient::send_blob(const std::string& digest, const std::string& file) {
  HttpClientRequest head;
  head.method = "HEAD";
  head.url = url_of("blobs/" + digest);
  const auto there = ask(std::move(head));
  if (!there) return there.error();
  if (there->ok()) return false;

  HttpClientRequest begin;
  begin.method = "POST";
  begin.url = url_of("blobs/uploads/");
  const auto begun = ask(std::move(begin));
  if (!begun) return begun.error();
  if (!begun->ok()) {
    Error error = refusal(*begun);
    if (error.code == Errc::refused) error.text += advice();
    return error;
  }
  const auto place = place_of_upload(*begun);
  if (!place) return Error(place.error()).within(shown_url(begun->url));

  HttpClientRequest put;
  put.method = "PUT";
  put.url = with_query(*place, "digest=" + percent_encode(digest, kPlainInQuery));
  put.headers = {{"Content-Type", "application/octet-stream"}};
  put.body_file = file;
  put.total = kLongestUpload;
  const auto url = HttpUrl::parse(put.url);
  if (url && url->origin == base_.origin) put.credentials = shown_;
  if (const auto sent = client_->demand(put); !sent) return sent.error();
  return true;
}

// Where a registry wants a blob: in its own place, or with another server.
Result<std::string> RegistryClient::place_of_upload(const HttpReply& reply) const {
  const std::string* const location = reply.header("location");
  if (location == nullptr || location->empty()) {
    return Error{Errc::malformed, "it does not say where to send a blob (Location)"};
  }
  const auto place = HttpUrl::parse(location->starts_with('/') ? root_ + *location : *location);
  if (!place) return Error{Errc::malformed, "Location: " + visible(place.error().text)};
  if (base_.is_tls && !place->is_tls) {
    return Error{Errc::refused, "it wants a blob sent to " + shown_url(place->text) + ", from https to http"};
  }
  return place->text;
}

Result<void> RegistryClient::send_manifest(const std::string& name, const std::string& type, const std::string& digest,
                                           const std::string& file) {
  HttpClientRequest put;
  put.method = "PUT";
  put.url = url_of("manifests/" + name);
  put.headers = {{"Content-Type", type}};
  put.body_file = file;
  const auto sent = ask(std::move(put));
  if (!sent) return sent.error();
  if (!sent->ok()) return refusal(*sent);
  const std::string* const named = sent->header("docker-content-digest");
  if (named != nullptr && *named != digest) {
    return Error{Errc::malformed,
                 shown_url(sent->url) + ": it keeps it as " + visible(*named) + ", which is not what was sent"};
  }
  return {};
}

}  // namespace initscan
