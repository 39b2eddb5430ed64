#include "injector/cluster/gate_servers.h"

#include "common/crypto/certificate_words.h"
#include "common/file_io.h"
#include "common/gate/server_arguments.h"
#include "common/names.h"

namespace initscan::injector {
namespace {

constexpr std::size_t kMaxCaBytes = 1 << 20;

}  // namespace

Result<std::vector<std::string>> gate_arguments(const GateServers& servers) {
  std::vector<std::string> arguments;
  if (servers.empty()) return arguments;
  const auto pem = read_file(servers.ca_file, kMaxCaBytes);
  if (!pem) return Error{pem.error()}.within(servers.ca_file);
  const auto words = certificate_words_of(*pem);
  if (!words) return Error{words.error()}.within(servers.ca_file);
  if (!servers.report_url.empty()) arguments.push_back(std::string(kReportTo) + servers.report_url);
  if (!servers.match_url.empty()) arguments.push_back(std::string(kServer) + servers.match_url);
  arguments.push_back(std::string(kServerToken) + names::kServerTokenFile);
  arguments.push_back(std::string(kServerCaInline) + *words);
  return arguments;
}

}  // namespace initscan::injector
