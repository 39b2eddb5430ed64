#include "audit/report/push.h"

#include "audit/report/escape.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

namespace initscan::audit {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kWholeSeconds = 60;
constexpr std::size_t kMaxAnswerBytes = 4096;  // more is read and dropped

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(char* text) const { curl_free(text); }
};

std::size_t keep_answer(const char* data, std::size_t size, std::size_t count, void* answer) {
  auto& text = *static_cast<std::string*>(answer);
  text.append(data, std::min(size * count, kMaxAnswerBytes - text.size()));
  return size * count;
}

// What to call the gateway in a message: a URL may hold a password.
std::string without_credentials(CURLU* url) {
  curl_url_set(url, CURLUPART_USER, nullptr, 0);
  curl_url_set(url, CURLUPART_PASSWORD, nullptr, 0);
  char* text = nullptr;
  if (curl_url_get(url, CURLUPART_URL, &text, 0) != CURLUE_OK) return "the Pushgateway";
  return std::unique_ptr<char, Free>(text).get();
}

}  // namespace

Result<void> push_metrics(const std::string& url, std::string_view body) {
  std::string group = url;
  while (group.ends_with('/')) group.pop_back();
  if (group.find("/metrics/job") == group.npos) group += "/metrics/job/initscan-audit";

  const std::unique_ptr<CURLU, Free> parsed(curl_url());
  const bool scheme = group.starts_with("http://") || group.starts_with("https://");
  if (!scheme || curl_url_set(parsed.get(), CURLUPART_URL, group.c_str(), 0) != CURLUE_OK) {
    return Error{Errc::usage, "Pushgateway: want http://HOST:PORT or https://HOST:PORT"};
  }
  const std::string name = without_credentials(parsed.get());

  const std::unique_ptr<CURL, Free> handle(curl_easy_init());
  const std::unique_ptr<curl_slist, Free> headers(
      curl_slist_append(curl_slist_append(nullptr, "Content-Type: text/plain; version=0.0.4"), "Expect:"));
  std::string answer;
  char reason[CURL_ERROR_SIZE] = {};
  curl_easy_setopt(handle.get(), CURLOPT_URL, group.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, "PUT");
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, kWholeSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, keep_answer);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) {
    return Error{Errc::io, name + ": " + (reason[0] != '\0' ? reason : curl_easy_strerror(code))};
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  while (answer.ends_with('\n')) answer.pop_back();
  return Error{Errc::io, name + ": HTTP " + std::to_string(status) + ": " + visible(answer)};
}

}  // namespace initscan::audit
