// initscan-courier: carries what the scanner sends to a server, and the answers back. It holds the token and the
// network, and looks into nothing that it carries.
#include "common/cli/run.h"
#include "common/crypto/certificate_words.h"
#include "common/file_io.h"
#include "common/http/client.h"
#include "common/version.h"
#include "initscan/confine/hide.h"
#include "initscan/courier/frame.h"
#include "initscan/courier/pack.h"
#include "initscan/match/match_answer.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

struct CourierOptions {
  std::string match_url;
  std::string report_url;
  std::string token_file;
  std::string ca_file;
  std::string ca_inline;
};

Result<void> read_exactly(std::size_t count, std::string& bytes) {
  bytes.resize(count);
  for (std::size_t at = 0; at < count;) {
    const ssize_t n = read(kCourierSocket, bytes.data() + at, std::min(kPieceBytes, count - at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error{Errc::io, std::string("cannot read: ") + std::strerror(errno)};
    if (n == 0) {
      bytes.resize(at);
      return Error{Errc::truncated, "the scanner has ended"};
    }
    at += static_cast<std::size_t>(n);
  }
  return {};
}

// Nothing waits behind it: the scanner reads, or it has gone.
bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(kCourierSocket, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

HttpClientOptions client_options(const std::string& ca_file, std::string ca_pem) {
  HttpClientOptions options;
  options.ca_file = ca_file;
  options.ca_pem = std::move(ca_pem);
  options.limits.connect = std::chrono::seconds(5);
  options.limits.first_wait = std::chrono::milliseconds(100);
  // The token is for the server that was named; what it says of other places is an answer like any other refusal.
  options.limits.redirects = 0;
  options.limits.refusal_bytes = 4 << 10;
  return options;
}

struct Letter {
  Delivery delivery;
  std::string words;
};

Delivery delivery_of(Errc code) {
  switch (code) {
    case Errc::malformed:
    case Errc::truncated:
    case Errc::over_limit:
    case Errc::refused: return Delivery::misunderstood;  // refused: it redirects
    default: return Delivery::unreachable;
  }
}

class Carrier {
 public:
  Carrier(const CourierOptions& options, std::string ca_pem)
      : options_(options), client_(client_options(options.ca_file, std::move(ca_pem))) {
    if (options.token_file.empty()) return;
    auto token = read_token(options.token_file);
    if (token) {
      token_ = std::move(*token);
    } else {
      fault_ = token.error().text;
    }
  }

  Letter carry(const ErrandHead& head, std::string body) const {
    const bool is_match = head.errand == Errand::match;
    const std::string& url = is_match ? options_.match_url : options_.report_url;
    if (url.empty()) return {Delivery::unreachable, "nobody said where"};
    if (!fault_.empty()) return {Delivery::unreachable, fault_};
    const Packed packed = pack(std::move(body));
    HttpClientRequest request;
    request.method = "POST";
    request.url = url + (is_match ? "/v1/match" : "/v1/reports");
    request.headers = {{"Content-Type", is_match ? "application/vnd.cyclonedx+json" : "application/json"}};
    if (!packed.encoding.empty()) request.headers.emplace_back("Content-Encoding", packed.encoding);
    if (!token_.empty()) request.credentials = {HttpCredentials::Kind::bearer, {}, token_};
    request.body = packed.bytes;
    request.body_bytes = is_match ? kMaxMatchAnswerBytes : kMaxReportAnswerBytes;
    request.total = head.time;
    // Who is sent the same twice keeps it once.
    request.harmless = true;
    auto reply = client_.send(request);
    if (!reply) return {delivery_of(reply.error().code), reply.error().text};
    if (!reply->ok()) return {Delivery::refused, refusal(*reply).text};
    return {Delivery::answered, std::move(reply->body)};
  }

 private:
  const CourierOptions& options_;
  const HttpClient client_;
  std::string token_;
  std::string fault_;  // why nothing can be sent
};

// Until the scanner ends.
Result<ExitCode> carry_on(const CourierOptions& options) {
  const auto ca_pem =
      options.ca_inline.empty() ? Result<std::string>(std::string()) : pem_of_certificate_words(options.ca_inline);
  if (!ca_pem) return Error{ca_pem.error()}.within("--ca-inline");
  const Carrier carrier(options, *ca_pem);
  for (std::string bytes;;) {
    if (!read_exactly(kErrandHeadBytes, bytes)) return ExitCode::pass;
    const auto head = read_errand_head(bytes);
    if (!head) return head.error();
    if (!read_exactly(static_cast<std::size_t>(head->bytes), bytes)) return ExitCode::pass;
    Letter letter = carrier.carry(*head, std::move(bytes));
    if (letter.delivery != Delivery::answered) {
      letter.words.resize(std::min(letter.words.size(), kMaxDeliveryWords));
    }
    if (!write_all(write_head(DeliveryHead{letter.delivery, letter.words.size()})) || !write_all(letter.words)) {
      return ExitCode::pass;
    }
  }
}

Result<ExitCode> run(const CourierOptions& options) {
  if (auto hidden = hide_memory(); !hidden) return hidden.error();
  const rlimit no_dump{0, 0};
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      setrlimit(RLIMIT_CORE, &no_dump) != 0) {
    return Error{Errc::io, std::string("cannot confine itself: ") + std::strerror(errno)};
  }
  if (fcntl(kCourierSocket, F_GETFD) < 0) {
    return Error{Errc::usage, "initscan starts this program, where a scan has --server or --report-to"};
  }
  return carry_on(options);
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  CLI::App app("Carries what a scan sends to initscan-server, and the answers back. initscan starts it.",
               "initscan-courier");
  app.set_version_flag("--version", std::string("initscan-courier ") + initscan::kVersion, "Print the version");
  app.footer("Exit codes: 0 the scanner has ended, 1 it makes no sense, 64 wrong usage.");
  initscan::CourierOptions options;
  app.add_option("--match", options.match_url, "The server that matches")->type_name("URL");
  app.add_option("--report", options.report_url, "The server that reports go to")->type_name("URL");
  app.add_option("--token", options.token_file, "The bearer token")->type_name("FILE");
  app.add_option("--ca", options.ca_file, "Whom to trust, in PEM; without it the system's roots")->type_name("FILE");
  app.add_option("--ca-inline", options.ca_inline, "The same itself, as `initscan gate --server-ca-inline` has it")
      ->type_name("BASE64");
  initscan::add_example(app, "initscan-courier --match https://initscan.example.com:8443 --token token");
  initscan::Command chosen = [&options] { return initscan::run(options); };
  return initscan::run_program(app, chosen, argc, argv);
}
