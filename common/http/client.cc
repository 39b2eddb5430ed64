#include "common/http/client.h"

#include "common/crypto/base64.h"
#include "common/http/transfer.h"
#include "common/http/url.h"
#include "common/net/backoff.h"
#include "common/net/status.h"
#include "common/text/ascii.h"
#include "common/text/visible.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

#include <curl/curl.h>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxIdleHandles = 8;
constexpr std::size_t kShownWords = 1024;  // of what a refusal says

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110, section 5.6.2
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [&](char c) { return is_alphanumeric(c) || kMarks.find(c) != kMarks.npos; });
}

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

// Words with which no request can be made; "" where it can.
std::string fault_of(const HttpClientRequest& request) {
  if (!is_token(request.method)) return "want a method, as GET";
  if (!request.body.empty() && !request.body_file.empty()) return "want a body or a file with one, not both";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return "want a header's name without blanks and control characters";
    if (holds_control(value)) return "header " + name + ": want a value without control characters";
  }
  const HttpCredentials& credentials = request.credentials;
  if (holds_control(credentials.user + credentials.secret)) return "want credentials without control characters";
  if (credentials.user.find(':') != std::string::npos) return "want a user's name without a colon";
  return {};
}

std::string authorization_of(const HttpCredentials& credentials) {
  switch (credentials.kind) {
    case HttpCredentials::Kind::basic: return "Basic " + base64_encode(credentials.user + ':' + credentials.secret);
    case HttpCredentials::Kind::bearer: return "Bearer " + credentials.secret;
    case HttpCredentials::Kind::none: break;
  }
  return {};
}

bool can_be_repeated(const HttpClientRequest& request) {
  const std::string& method = request.method;
  return request.harmless || method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

// 429 and 503 say that nothing was done; the others are repeated where doing it twice does no harm.
bool is_worth_another(const HttpClientRequest& request, unsigned status) {
  if (status == 429 || status == 503) return true;
  return can_be_repeated(request) && (status == 408 || status == 500 || status == 502 || status == 504);
}

bool is_worth_another(const HttpClientRequest& request, const Error& error) {
  return can_be_repeated(request) && (error.code == Errc::unavailable || error.code == Errc::truncated);
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// 301, 302 and 303 turn what is no GET into one: what was sent would be lost.
bool keeps_method(const HttpClientRequest& request, unsigned status) {
  return status == 307 || status == 308 || request.method == "GET" || request.method == "HEAD";
}

struct CurlEnd {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, CurlEnd>;

}  // namespace

// What curl needs for one call after the other: each holds the connections of those before.
class HttpClient::Handles {
 public:
  Handles() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  Curl take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Curl(curl_easy_init());
    Curl curl = std::move(idle_.back());
    idle_.pop_back();
    return curl;
  }

  void give_back(Curl curl) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdleHandles) idle_.push_back(std::move(curl));
  }

 private:
  std::mutex mutex_;
  std::vector<Curl> idle_;  // under mutex
};

namespace {

// One attempt: the request, and those that redirects ask for.
class Attempt {
 public:
  Attempt(CURL* curl, const HttpClientOptions& options, const HttpClientRequest& request, Clock::time_point end)
      : curl_(curl), options_(options), request_(request), end_(end) {}

  Result<HttpReply> run(const HttpUrl& first, const std::string& authorization) {
    HttpUrl url = first;
    for (unsigned redirects = 0;; ++redirects) {
      const bool same_origin = url.origin == first.origin;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now());
      Transfer transfer(curl_, options_, request_);
      auto answer = transfer.perform(url, same_origin ? authorization : std::string(), same_origin, left);
      if (!answer) {
        was_stopped_ = transfer.was_stopped();
        return std::move(answer).error().within(shown_url(url.text));
      }
      retry_after_ = answer->retry_after;
      if (!is_redirect(answer->status) || answer->redirect.empty()) {
        return HttpReply{answer->status, url.text, std::move(answer->headers), std::move(answer->body)};
      }
      auto next = follow(url, *answer, redirects);
      if (!next) return std::move(next).error().within(shown_url(url.text));
      url = std::move(*next);
    }
  }

  std::chrono::seconds retry_after() const { return retry_after_; }

  // Whoever asked ended it: the request's head or sink.
  bool was_stopped() const { return was_stopped_; }

 private:
  Result<HttpUrl> follow(const HttpUrl& from, const HttpAnswer& answer, unsigned redirects) const {
    const std::string where = "HTTP " + std::to_string(answer.status) + " leads to " + shown_url(answer.redirect);
    if (!keeps_method(request_, answer.status)) {
      return Error{Errc::refused, where + ", where a " + request_.method + " is not sent on to; give that URL"};
    }
    if (redirects >= options_.limits.redirects) {
      return Error{Errc::over_limit, where + ": more than " + std::to_string(options_.limits.redirects) + " redirects"};
    }
    auto next = HttpUrl::parse(answer.redirect);
    if (!next) return Error{Errc::refused, where + ", which is neither http nor https"};
    if (from.is_tls && !next->is_tls) return Error{Errc::refused, where + ", from https to http"};
    return next;
  }

  CURL* const curl_;
  const HttpClientOptions& options_;
  const HttpClientRequest& request_;
  const Clock::time_point end_;
  std::chrono::seconds retry_after_{0};
  bool was_stopped_ = false;
};

}  // namespace

const std::string* HttpReply::header(std::string_view name) const {
  return find_header(headers, name);
}

// A page for browsers says in a thousand words what its status does.
Error refusal(const HttpReply& reply) {
  std::string_view words(reply.body);
  const std::string* const type = reply.header("content-type");
  if (type != nullptr && type->starts_with("text/html")) words = {};
  words = words.substr(0, kShownWords);
  while (!words.empty() && (words.back() == '\n' || words.back() == '\r')) words.remove_suffix(1);
  std::string text = shown_url(reply.url) + ": HTTP " + std::to_string(reply.status);
  if (!words.empty()) text += ": " + visible(words);
  return {errc_of_status(reply.status), std::move(text)};
}

HttpClient::HttpClient(HttpClientOptions options)
    : options_(std::move(options)), handles_(std::make_unique<Handles>()) {}

HttpClient::~HttpClient() = default;

Result<HttpReply> HttpClient::send(const HttpClientRequest& request) const {
  const auto url = HttpUrl::parse(request.url);
  if (!url) return url.error();
  if (std::string fault = fault_of(request); !fault.empty()) {
    return Error{Errc::usage, std::move(fault)}.within(shown_url(url->text));
  }
  HttpCredentials credentials = request.credentials;
  if (credentials.kind == HttpCredentials::Kind::none && !(url->user + url->password).empty()) {
    credentials = {HttpCredentials::Kind::basic, url->user, url->password};
  }
  const std::string authorization = authorization_of(credentials);
  const HttpClientLimits& limits = options_.limits;
  const auto end = Clock::now() + request.total.value_or(limits.total);
  Backoff backoff(limits.first_wait, limits.longest_wait);
  Curl curl = handles_->take();
  if (!curl) return Error{Errc::failed, "curl cannot be set up"};
  for (unsigned number = 1;; ++number) {
    Attempt attempt(curl.get(), options_, request, end);
    auto reply = attempt.run(*url, authorization);
    const bool again = reply ? is_worth_another(request, reply->status) : is_worth_another(request, reply.error());
    // Behind Retry-After, too, a random wait: all who were sent away got the same number.
    const auto wait = backoff.next() + attempt.retry_after();
    const bool is_over =
        number >= limits.attempts || attempt.retry_after() > limits.longest_wait || Clock::now() + wait >= end;
    if (!again || is_over || attempt.was_stopped()) {
      handles_->give_back(std::move(curl));
      return reply;
    }
    std::this_thread::sleep_for(wait);
  }
}

Result<HttpReply> HttpClient::demand(const HttpClientRequest& request) const {
  auto reply = send(request);
  if (reply && !reply->ok()) return refusal(*reply);
  return reply;
}

}  // namespace initscan
