#pragma once

#include "common/http/client.h"
#include "common/http/upload.h"
#include "common/http/url.h"

#include <array>
#include <exception>
#include <optional>
#include <string>

#include <curl/curl.h>

namespace initscan {

// The answer to one request, before anybody has decided what to do about it.
struct HttpAnswer {
  unsigned status = 0;
  HttpHeaders headers;
  std::string body;
  std::string redirect;  // where its Location leads to, resolved; "": nowhere
  std::chrono::seconds retry_after{0};
};

// One request and its answer through curl: no redirect, no repetition. Everything that the peer sends meets a limit
// here, also what curl itself lets pass: headers all together, and what chunks carry beside data.
class Transfer {
 public:
  Transfer(CURL* curl, const HttpClientOptions& options, const HttpClientRequest& request);

  /// `authorization` is the header's value; "": none. `time` is what is left for it. Errors (without the URL): as of
  /// HttpClient::send().
  Result<HttpAnswer> perform(const HttpUrl& url, const std::string& authorization, bool same_origin,
                             std::chrono::milliseconds time);

  /// Whether the error is one of the request's head or sink.
  bool was_stopped() const { return was_stopped_; }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(curl_, option, value);
  }
  void set_limits(std::chrono::milliseconds time);
  void set_trust();
  void set_method();
  void set_callbacks();
  void add_header(const std::string& line);
  Result<HttpAnswer> finish();
  Error failure() const;
  std::size_t give_up(Error error);
  std::size_t stop(Error error);

  std::size_t on_header(std::string_view line);
  std::size_t on_body(std::string_view piece);
  std::size_t on_read(char* to, std::size_t room);
  int on_progress(std::uint64_t data);

  // What curl calls: C functions, through which no exception may go.
  static std::size_t header_callback(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t body_callback(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t read_callback(char* data, std::size_t size, std::size_t count, void* self);
  static int seek_callback(void* self, curl_off_t offset, int origin);
  static int progress_callback(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t);
  static int debug_callback(CURL*, curl_infotype type, char*, std::size_t size, void* self);
  template <class Call>
  std::size_t guarded(Call call);

  CURL* const curl_;
  const HttpClientOptions& options_;
  const HttpClientRequest& request_;
  CURLcode code_ = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> words_{};
  curl_slist* header_list_ = nullptr;
  std::optional<Upload> upload_;
  HttpAnswer answer_;
  std::optional<Error> error_;  // that a callback ended the transfer with
  bool was_stopped_ = false;
  std::exception_ptr thrown_;  // likewise
  std::size_t header_bytes_ = 0;
  std::uint64_t raw_bytes_ = 0;  // behind the headers, with the chunks' framing
  std::uint64_t body_bytes_ = 0;
  bool has_body_ = false;
  bool is_cut_ = false;  // of a refusal as much came as is kept
};

}  // namespace initscan
