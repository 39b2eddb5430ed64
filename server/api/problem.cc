#include "server/api/problem.h"

#include "common/json/writer.h"
#include "common/text/visible.h"

namespace initscan::server {
namespace {

constexpr const char* kRetryAfterSeconds = "1";  // with what may be different soon

// RFC 9110, section 15; of a problem without a type of its own the title is this (RFC 9457, section 4.2.1).
std::string_view title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Error";
  }
}

unsigned status_of(Errc code) {
  switch (code) {
    case Errc::not_found: return 404;
    case Errc::refused:
    case Errc::distrusted: return 403;
    case Errc::unavailable: return 503;
    case Errc::truncated:
    case Errc::malformed:
    case Errc::usage: return 400;
    case Errc::unsupported: return 422;
    case Errc::over_limit: return 413;
    case Errc::failed:
    case Errc::io: return 500;
  }
  return 500;
}

}  // namespace

HttpResponse problem(unsigned status, std::string_view detail) {
  JsonWriter json;
  json.begin_object()
      .field("type", std::string_view("about:blank"))
      .field("title", title_of(status))
      .field("status", status)
      .field("detail", std::string_view(visible(detail)))
      .end_object();
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = json.take() + '\n';
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return response;
}

HttpResponse problem(const Error& error) {
  return problem(status_of(error.code), error.text);
}

HttpResponse store_problem(const Error& error) {
  switch (error.code) {
    case Errc::over_limit: return problem(507, error.text);
    case Errc::unsupported: return problem(422, error.text);
    case Errc::unavailable: return problem({error.code, "the store cannot be reached now; try again"});
    case Errc::malformed:
      return problem(500, "the store is damaged: put a backup in its place, and start the server again");
    default: return problem(500, "the store cannot be read or written: see to its disk, and to initscan_store_up");
  }
}

}  // namespace initscan::server
