#include "initscan/fetch/download.h"

#include "common/descriptor.h"
#include "common/text/whole_number.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view header_of(const HttpHeaders& headers, std::string_view name) {
  const std::string* const found = find_header(headers, name);
  return found == nullptr ? std::string_view() : std::string_view(*found);
}

// "bytes 100-199/200": the first byte, and how many the whole has.
std::optional<std::pair<std::uint64_t, std::uint64_t>> range_of(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == text.npos || slash == text.npos || dash > slash) return std::nullopt;
  const auto first = whole_number<std::uint64_t>(text.substr(kUnit.size(), dash - kUnit.size()));
  const auto total = whole_number<std::uint64_t>(text.substr(slash + 1));
  if (!first || !total) return std::nullopt;
  return std::pair(*first, *total);
}

// Only a strong one says that the bytes are the same (RFC 9110, section 13.1.5).
bool is_strong(const std::string& etag) {
  return etag.starts_with('"');
}

// The body of one answer on its way into the part.
class Part {
 public:
  Part(const KeptFile& file, std::string url, const FetchProgress& progress)
      : file_(file), url_(std::move(url)), progress_(progress) {
    const auto before = file.part();
    if (!before || before->origin.url != url_ || !is_strong(before->origin.etag)) return;
    if (before->bytes == 0 || before->bytes >= before->origin.bytes) return;
    origin_ = before->origin;
    bytes_ = before->bytes;
  }

  // How much is there that can be continued.
  std::uint64_t bytes() const { return is_strong(origin_.etag) && origin_.bytes > bytes_ ? bytes_ : 0; }
  const Origin& origin() const { return origin_; }

  Result<void> begin(unsigned status, const HttpHeaders& headers) {
    // A second answer to one request: what came of the first can be continued instead.
    if (has_begun_ && bytes() > 0) return Error{Errc::unavailable, "it broke off"};
    has_begun_ = true;
    return status == 206 ? go_on(headers) : start_over(headers);
  }

  Result<void> take(std::string_view piece) {
    while (!piece.empty()) {
      const ssize_t n = write(out_.fd(), piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("cannot be written");
      piece.remove_prefix(static_cast<std::size_t>(n));
      bytes_ += static_cast<std::uint64_t>(n);
    }
    progress_(bytes_, origin_.bytes);
    return {};
  }

  Result<void> finish() {
    out_ = Descriptor();
    if (!has_begun_ || bytes_ == 0) return Error{Errc::malformed, "it is empty"};
    if (origin_.bytes != 0 && bytes_ != origin_.bytes) {
      return Error{Errc::truncated, std::to_string(bytes_) + " of " + std::to_string(origin_.bytes) + " bytes came"};
    }
    origin_.bytes = bytes_;
    return file_.complete(origin_);
  }

 private:
  Result<void> start_over(const HttpHeaders& headers) {
    bytes_ = 0;
    origin_ = {url_, std::string(header_of(headers, "etag")), std::string(header_of(headers, "last-modified")),
               whole_number<std::uint64_t>(header_of(headers, "content-length")).value_or(0)};
    out_ = Descriptor(open(file_.part_path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!out_.is_open()) return failed("cannot be written");
    return file_.note_part(origin_);
  }

  Result<void> go_on(const HttpHeaders& headers) {
    const auto range = range_of(header_of(headers, "content-range"));
    if (bytes_ == 0 || !range || range->first != bytes_ || range->second != origin_.bytes) {
      return Error{Errc::malformed, "it answers with another part than was asked for"};
    }
    out_ = Descriptor(open(file_.part_path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    if (!out_.is_open()) return failed("cannot be written");
    return {};
  }

  Error failed(const char* what) const {
    return {Errc::io, file_.part_path() + ": " + what + ": " + std::strerror(errno)};
  }

  const KeptFile& file_;
  const std::string url_;
  const FetchProgress& progress_;
  Origin origin_;
  std::uint64_t bytes_ = 0;
  Descriptor out_;
  bool has_begun_ = false;
};

// What of a file the server need not send again.
std::optional<Origin> known(const KeptFile& file, const std::string& url) {
  auto origin = file.new_origin();
  if (!origin) origin = file.origin();
  if (!origin || origin->url != url) return std::nullopt;
  return origin;
}

HttpHeaders headers_for(HttpHeaders headers, const std::optional<Origin>& known, const Part& part) {
  if (known && !known->etag.empty()) headers.emplace_back("If-None-Match", known->etag);
  if (known && known->etag.empty() && !known->last_modified.empty()) {
    headers.emplace_back("If-Modified-Since", known->last_modified);
  }
  if (part.bytes() == 0) return headers;
  headers.emplace_back("Range", "bytes=" + std::to_string(part.bytes()) + '-');
  headers.emplace_back("If-Range", part.origin().etag);
  return headers;
}

Result<Fetched> fetch_once(const HttpClient& client, const DownloadRequest& wanted, const KeptFile& file,
                           const FetchProgress& progress, Clock::time_point end) {
  const std::string& url = wanted.url;
  const auto here = known(file, url);
  Part part(file, url, progress);
  HttpClientRequest request;
  request.url = url;
  request.total = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  request.headers = headers_for(wanted.headers, here, part);
  request.credentials = wanted.credentials;
  request.body_bytes = wanted.most_bytes - std::min(part.bytes(), wanted.most_bytes);
  request.head = [&](unsigned status, const HttpHeaders& headers) { return part.begin(status, headers); };
  request.sink = [&](std::string_view piece, bool) { return part.take(piece); };
  auto reply = client.send(request);
  if (!reply) return reply.error();
  if (reply->status == 304 && here) return file.new_origin() ? Fetched::fetched : Fetched::unchanged;
  if (!reply->ok()) {
    if (reply->status == 416) file.drop_part();  // there is no such part any more
    return refusal(*reply);
  }
  if (auto finished = part.finish(); !finished) {
    file.drop_part();
    return std::move(finished).error().within(url);
  }
  return Fetched::fetched;
}

std::uint64_t bytes_of_part(const KeptFile& file) {
  const auto part = file.part();
  return part && is_strong(part->origin.etag) ? part->bytes : 0;
}

}  // namespace

Result<Fetched> fetch(const HttpClient& client, const DownloadRequest& wanted, const KeptFile& file,
                      const FetchProgress& progress) {
  const auto end = Clock::now() + kLongestDownload;
  for (unsigned tried = 0;; ++tried) {
    const std::uint64_t before = bytes_of_part(file);
    auto fetched = fetch_once(client, wanted, file, progress, end);
    if (fetched) return fetched;
    const Errc code = fetched.error().code;
    if (code == Errc::malformed || code == Errc::over_limit) file.drop_part();
    const bool broke_off = code == Errc::unavailable || code == Errc::truncated;
    const bool has_grown = bytes_of_part(file) > before;
    if (!broke_off || !has_grown || tried == kMaxContinuations || Clock::now() >= end) return fetched;
  }
}

}  // namespace initscan
