#include "initscan/commands/verdict_options.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/descriptor.h"
#include "common/file_io.h"
#include "common/output.h"
#include "common/text/cut.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/reporting.h"
#include "initscan/policy/judge.h"
#include "initscan/policy/policy_file.h"
#include "initscan/report/gate_line.h"
#include "initscan/report/report.h"
#include "initscan/sbom/cyclonedx_report.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace initscan {
namespace {

Result<Policy> load_policy(const ScanOptions& options) {
  if (options.policy_inline.empty() && options.policy_path.empty()) return Policy{};
  if (options.policy_inline.empty()) {
    auto text = read_file(options.policy_path, kMaxPolicyBytes);
    if (!text) return std::move(text).error().within(options.policy_path);
    auto policy = parse_policy(*text);
    if (!policy) return std::move(policy).error().within(options.policy_path);
    return policy;
  }
  auto json = base64_decode(options.policy_inline);
  if (!json) return std::move(json).error().within("--policy-inline");
  if (const std::string hash = sha256_hex(*json); hash != options.policy_sha256) {
    return Error{Errc::malformed, "--policy-inline: its SHA-256 is " + hash + ", and --policy-sha256 says otherwise"};
  }
  auto policy = parse_policy(*json);
  if (!policy) return std::move(policy).error().within("--policy-inline");
  return policy;
}

// Opened before the process confines itself; written in place, because the kubelet mounts the file itself.
class TerminationLog {
 public:
  explicit TerminationLog(const ScanOptions& options)
      : room_(options.message_bytes), kept_(options.servers.report_url.empty() ? 0 : room_ / kShareOfFault) {
    const std::string& path = options.termination_log;
    if (path.empty()) return;
    // Whoever reads it from a FIFO may go away before it is written.
    std::signal(SIGPIPE, SIG_IGN);
    auto file = open_output(path);
    if (file) {
      file_ = std::move(*file);
    } else {
      complain(std::move(file).error().within(path));
    }
  }

  bool is_open() const { return file_.is_open(); }

  void write(const Verdict& verdict) const {
    const std::string line = write_gate_line(gate_line_of(verdict, took()));
    write(line + termination_message(verdict, room_ - line.size() - std::min(kept_, room_ - line.size())));
  }

  /// Behind a verdict: that it was not reported.
  void add(const std::string& words) const {
    write(std::string(cut(words, kept_ - std::min<std::size_t>(kept_, 1))) + '\n');
  }

  /// Of a scan that ended before there was a verdict.
  void write(const Error& error, bool only_reports) const {
    GateLine line;
    line.only_reports = only_reports;
    line.reason = id_in(error);
    line.took = took();
    const std::string words = std::string("initscan: UNDECIDED") + (only_reports ? " (reported only)" : "") + ": ";
    write(write_gate_line(line) + words + visible(error.text) + '\n');
  }

 private:
  void write(std::string_view message) const {
    if (!file_.is_open()) return;
    if (auto written = write_output(file_.fd(), message.substr(0, room_)); !written) complain(written.error());
  }

  std::chrono::milliseconds took() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  }

  // No reason to keep an image from being judged: the logs hold the report.
  static void complain(const Error& error) {
    std::fprintf(stderr, "initscan: warning: cannot write the termination message: %s\n", visible(error.text).c_str());
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  static constexpr std::size_t kShareOfFault = 8;

  const std::size_t room_;
  const std::size_t kept_;  // of the room, for the words of a report that does not arrive
  Descriptor file_;
};

std::string rendered(const ScanOptions& options, const Scan& scan, std::chrono::sys_seconds now) {
  if (options.format == "json") return json_report(scan.verdict, now);
  if (options.format == "cyclonedx") return write_cyclonedx_report(scan.verdict, scan.sboms);
  const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return table_report(scan.verdict, colour);
}

ExitCode exit_code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return ExitCode::pass;
    case Outcome::fail: return ExitCode::policy_failed;
    case Outcome::undecided: return ExitCode::undecided;
  }
  return ExitCode::undecided;
}

// A fault of our own, or memory that ran out, is told where every other reason is, and weighs as much.
Result<Scan> scan_or_say_why(const ScanRequest& request) {
  try {
    return scan(request);
  } catch (const std::exception& e) {
    return with_id(Error{Errc::io, std::string("internal: ") + e.what()}, ReasonId::internal_error);
  }
}

Result<ExitCode> scan_and_report(const ScanOptions& options, std::vector<ImageSource> images,
                                 const TerminationLog& log) {
  auto policy = load_policy(options);
  if (!policy) return with_id(policy.error(), ReasonId::policy_unreadable);
  const bool only_reports = policy->enforcement == Enforcement::report;
  const auto now = current_time();

  const ServerOptions& to = options.servers;
  Servers servers = reach_servers(to);

  ScanRequest request{std::move(images), options.seal_path, options.index_path, *policy, now, log.is_open()};
  request.overlay_path = options.overlay_path;
  request.keeps_documents = !to.report_url.empty();
  request.server = servers.to_ask(to);
  auto result = scan_or_say_why(request);
  if (!result && only_reports) {
    log.write(result.error(), true);
    std::fprintf(stderr, "initscan: warning: reported only: %s\n", visible(result.error().text).c_str());
    return ExitCode::pass;
  }
  if (!result) return result.error();
  Verdict& verdict = result->verdict;
  verdict.policy_sha256 = sha256_hex(canonical_json(*policy));

  log.write(verdict);
  if (auto written = write_file("-", rendered(options, *result, now)); !written) {
    return with_id(std::move(written).error().within("standard output"), ReasonId::output_failed);
  }
  // From here on the verdict is known to whoever waits for it, and nothing changes it.
  if (const std::string fault = send_reports(to, servers, *result, now); !fault.empty()) {
    const std::string words = "not reported to " + visible(to.report_url) + ": " + visible(fault);
    std::fprintf(stderr, "initscan: warning: %s\n", words.c_str());
    log.add("warning: " + words);
  }
  return only_reports ? ExitCode::pass : exit_code_of(verdict.outcome);
}

}  // namespace

void add_scan_options(CLI::App& command, ScanOptions& options) {
  options.index_path = kDefaultIndex;
  command.add_option("--db", options.index_path, "The advisory index, made by `initscan db build`")
      ->type_name("FILE")
      ->capture_default_str();
  command
      .add_option("--overlay", options.overlay_path,
                  "What is known to be exploited, made by `initscan db overlay`; without it the file beside the index, "
                  "INDEX.overlay, if there is one")
      ->type_name("FILE");
  auto* file = command.add_option("--policy", options.policy_path, "The policy; without one, critical findings fail")
                   ->type_name("FILE");
  auto* inlined = command.add_option("--policy-inline", options.policy_inline, "The policy's JSON in base64")
                      ->type_name("BASE64")
                      ->excludes(file);
  auto* hash = command.add_option("--policy-sha256", options.policy_sha256, "SHA-256 of that JSON, in hexadecimal")
                   ->type_name("HEX");
  inlined->needs(hash);
  hash->needs(inlined);
  command.add_option("--format", options.format, "table, json or cyclonedx (with vulnerabilities)")
      ->check(CLI::IsMember({"table", "json", "cyclonedx"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_server_options(command, options.servers);
}

Result<std::pair<std::string, std::string>> numbered(const std::string& option, const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == 0 || equals == argument.npos || equals + 1 == argument.size() ||
      argument.find_first_not_of("0123456789") != equals) {
    return Error{Errc::usage, option + ": want NUMBER=VALUE, got \"" + argument + "\"; see initscan gate --help"};
  }
  return std::pair(argument.substr(0, equals), argument.substr(equals + 1));
}

Result<ExitCode> scan_and_report(const ScanOptions& options, std::vector<ImageSource> images) {
  if (auto whole = check(options.servers); !whole) return whole.error();
  const TerminationLog log(options);
  auto code = scan_and_report(options, std::move(images), log);
  if (!code) log.write(code.error(), false);
  return code;
}

}  // namespace initscan
