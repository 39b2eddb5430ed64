#include "common/http/transfer.h"

#include "common/net/chunked_body.h"
#include "common/text/ascii.h"
#include "common/text/trim.h"
#include "common/text/visible.h"
#include "common/version.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

namespace initscan {
namespace {

constexpr long kSlow = 64;  // bytes a second: less is a stall

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// What a server elsewhere may not learn.
bool is_secret(const std::string& header) {
  const std::string name = in_lower_case(header);
  return name == "authorization" || name == "cookie" || name == "proxy-authorization";
}

Errc errc_of(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR: return Errc::distrusted;
    case CURLE_SSL_CACERT_BADFILE: return Errc::io;
    case CURLE_PARTIAL_FILE: return Errc::truncated;
    case CURLE_URL_MALFORMAT: return Errc::usage;
    case CURLE_UNSUPPORTED_PROTOCOL:  // of an answer: the URL was looked at before
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return Errc::malformed;
    case CURLE_OUT_OF_MEMORY: return Errc::over_limit;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PROXY: return Errc::unavailable;
    default: return Errc::failed;
  }
}

// Whether whoever reads a body can tell where it ends but by the end of the connection (RFC 9112, section 6.3), which
// anybody on the way may bring about.
bool says_its_end(const HttpHeaders& headers) {
  return std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    const auto& [name, value] = header;
    return name == "content-length" || (name == "transfer-encoding" && in_lower_case(value).ends_with("chunked"));
  });
}

}  // namespace

Transfer::Transfer(CURL* curl, const HttpClientOptions& options, const HttpClientRequest& request)
    : curl_(curl), options_(options), request_(request) {}

Result<HttpAnswer> Transfer::perform(const HttpUrl& url, const std::string& authorization, bool same_origin,
                                     std::chrono::milliseconds time) {
  auto upload = Upload::open(request_.body, request_.body_file);
  if (!upload) return std::move(upload).error().within(request_.body_file);
  upload_ = std::move(*upload);
  curl_easy_reset(curl_);  // its connections stay
  set(CURLOPT_URL, url.text.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  const std::string agent = std::string("initscan/") + kVersion;
  set(CURLOPT_USERAGENT, options_.user_agent.empty() ? agent.c_str() : options_.user_agent.c_str());
  set_limits(time);
  set_trust();
  set_method();
  set_callbacks();
  for (const auto& [name, value] : request_.headers) {
    if (same_origin || !is_secret(name)) add_header(value.empty() ? name + ';' : name + ": " + value);
  }
  if (!authorization.empty()) add_header("Authorization: " + authorization);
  add_header("Expect:");  // no waiting for a 100
  set(CURLOPT_HTTPHEADER, header_list_);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owned(header_list_, &curl_slist_free_all);
  if (code_ == CURLE_OK) code_ = curl_easy_perform(curl_);
  if (thrown_) std::rethrow_exception(thrown_);
  return finish();
}

void Transfer::set_limits(std::chrono::milliseconds time) {
  const HttpClientLimits& limits = options_.limits;
  const auto left = std::max(time, std::chrono::milliseconds(1));  // 0 would be no limit
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(limits.connect, left).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, kSlow);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall.count()));
}

void Transfer::set_trust() {
  for (const CURLoption option : {CURLOPT_SSLVERSION, CURLOPT_PROXY_SSLVERSION}) {
    set(option, long{CURL_SSLVERSION_TLSv1_2});
  }
  if (!options_.ca_pem.empty()) {
    for (const CURLoption option : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH}) {
      set(option, static_cast<const char*>(nullptr));
    }
    curl_blob pem{const_cast<char*>(options_.ca_pem.data()), options_.ca_pem.size(), CURL_BLOB_NOCOPY};
    set(CURLOPT_CAINFO_BLOB, &pem);
    set(CURLOPT_PROXY_CAINFO_BLOB, &pem);
    return;
  }
  const std::string file = options_.ca_file.empty() ? environment("SSL_CERT_FILE") : options_.ca_file;
  const std::string folder = options_.ca_file.empty() ? environment("SSL_CERT_DIR") : "";
  if (file.empty() && folder.empty()) return;
  // One given takes the place of both of the system's.
  set(CURLOPT_CAINFO, file.empty() ? nullptr : file.c_str());
  set(CURLOPT_CAPATH, folder.empty() ? nullptr : folder.c_str());
  set(CURLOPT_PROXY_CAINFO, file.empty() ? nullptr : file.c_str());
  set(CURLOPT_PROXY_CAPATH, folder.empty() ? nullptr : folder.c_str());
}

void Transfer::set_method() {
  const bool is_head = request_.method == "HEAD";
  const bool sends = upload_->size() > 0 || request_.method == "PUT" || request_.method == "POST";
  if (is_head) {
    set(CURLOPT_NOBODY, 1L);
  } else if (sends) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_->size()));
  }
  if (!is_head) set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_callbacks() {
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_HEADERFUNCTION, &header_callback);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &body_callback);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_READFUNCTION, &read_callback);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &seek_callback);
  set(CURLOPT_SEEKDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &progress_callback);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  // The one way to see what curl skips: chunk extensions without an end.
  set(CURLOPT_DEBUGFUNCTION, &debug_callback);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_VERBOSE, 1L);
}

void Transfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(header_list_, line.c_str());
  if (longer == nullptr) code_ = CURLE_OUT_OF_MEMORY;
  if (longer != nullptr) header_list_ = longer;
}

Result<HttpAnswer> Transfer::finish() {
  if (error_) return std::move(*error_);
  if (code_ != CURLE_OK && !is_cut_) return failure();
  long status = 0;
  char* redirect = nullptr;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &redirect);
  curl_easy_getinfo(curl_, CURLINFO_RETRY_AFTER, &retry_after);
  answer_.status = static_cast<unsigned>(status);
  if (body_bytes_ > 0 && !says_its_end(answer_.headers)) {
    return Error{Errc::truncated,
                 "its body ends with the connection: whether all of it came cannot be told; want a "
                 "server that sends Content-Length or chunks"};
  }
  if (redirect != nullptr) answer_.redirect = redirect;
  answer_.retry_after = std::chrono::seconds(std::max<curl_off_t>(retry_after, 0));
  return std::move(answer_);
}

Error Transfer::failure() const {
  std::string text = visible(words_[0] == '\0' ? curl_easy_strerror(code_) : words_.data());
  const Errc code = errc_of(code_);
  if (code == Errc::distrusted || code_ == CURLE_SSL_CACERT_BADFILE) {
    const bool is_given = !options_.ca_pem.empty();
    text += is_given                   ? "; want the authorities to trust among the certificates that were given"
            : options_.ca_file.empty() ? "; name a file of the authorities to trust in the environment's SSL_CERT_FILE"
                                       : "; want the authorities to trust, in PEM, in " + options_.ca_file;
  }
  if (code_ == CURLE_COULDNT_CONNECT || code_ == CURLE_COULDNT_RESOLVE_HOST) {
    text += "; is the URL right, and does it take a proxy (http_proxy, https_proxy, no_proxy)?";
  }
  long tunnel = 0;  // what the proxy said to CONNECT; 0: there was none
  curl_easy_getinfo(curl_, CURLINFO_HTTP_CONNECTCODE, &tunnel);
  if (tunnel >= 300) text += "; the proxy (https_proxy) does not let it through; is one due (no_proxy)?";
  return {code, std::move(text)};
}

// What a callback returns so that curl ends the transfer: less than it was given.
std::size_t Transfer::give_up(Error error) {
  error_ = std::move(error);
  return 0;
}

std::size_t Transfer::stop(Error error) {
  was_stopped_ = true;
  return give_up(std::move(error));
}

std::size_t Transfer::on_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > options_.limits.header_bytes) {
    return give_up(
        {Errc::over_limit, "headers of more than " + std::to_string(options_.limits.header_bytes) + " bytes"});
  }
  if (has_body_) return line.size();  // a trailer
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    answer_.headers.clear();  // those before were of a 100 or its like
  } else if (colon != line.npos) {
    answer_.headers.emplace_back(in_lower_case(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

std::size_t Transfer::on_body(std::string_view piece) {
  const bool is_first = !std::exchange(has_body_, true);
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status >= 300) {
    const std::size_t room = options_.limits.refusal_bytes - answer_.body.size();
    answer_.body += piece.substr(0, room);
    is_cut_ = piece.size() > room;
    return is_cut_ ? 0 : piece.size();
  }
  if (is_first && request_.head) {
    if (auto taken = request_.head(static_cast<unsigned>(status), answer_.headers); !taken) {
      return stop(taken.error());
    }
  }
  const std::uint64_t most = request_.body_bytes.value_or(options_.limits.body_bytes);
  body_bytes_ += piece.size();
  if (body_bytes_ > most) return give_up({Errc::over_limit, "a body of more than " + std::to_string(most) + " bytes"});
  if (!request_.sink) {
    answer_.body += piece;
  } else if (auto taken = request_.sink(piece, is_first); !taken) {
    return stop(taken.error());
  }
  return piece.size();
}

std::size_t Transfer::on_read(char* to, std::size_t room) {
  const auto count = upload_->read(to, room);
  if (count) return *count;
  give_up(Error{count.error()}.within(request_.body_file));
  return CURL_READFUNC_ABORT;
}

int Transfer::on_progress(std::uint64_t data) {
  if (thrown_) return 1;
  if (raw_bytes_ <= 2 * data + kFramingGrace) return 0;
  give_up({Errc::over_limit,
           "chunked body: extensions and framing of more than " + std::to_string(kFramingGrace) + " bytes"});
  return 1;
}

template <class Call>
std::size_t Transfer::guarded(Call call) {
  try {
    return call();
  } catch (...) {
    thrown_ = std::current_exception();
    return 0;
  }
}

std::size_t Transfer::header_callback(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded([&] { return transfer.on_header({data, size * count}); });
}

std::size_t Transfer::body_callback(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded([&] { return transfer.on_body({data, size * count}); });
}

std::size_t Transfer::read_callback(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded([&] { return transfer.on_read(data, size * count); });
}

int Transfer::seek_callback(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->upload_->seek(static_cast<std::uint64_t>(offset));
  return CURL_SEEKFUNC_OK;
}

int Transfer::progress_callback(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(self);
  return static_cast<int>(transfer.guarded([&] {
    return static_cast<std::size_t>(transfer.on_progress(static_cast<std::uint64_t>(std::max<curl_off_t>(down, 0))));
  }));
}

int Transfer::debug_callback(CURL*, curl_infotype type, char*, std::size_t size, void* self) {
  if (type == CURLINFO_DATA_IN) static_cast<Transfer*>(self)->raw_bytes_ += size;
  return 0;
}

}  // namespace initscan
