#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "initscan/commands/commands.h"
#include "initscan/policy/judge.h"
#include "initscan/policy/policy_file.h"

#include <chrono>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

Result<ExitCode> check(const std::string& path) {
  auto text = read_file(path, kMaxPolicyBytes);
  if (!text) return std::move(text).error().within(path);
  const auto policy = parse_policy(*text);
  if (!policy) return Error(policy.error()).within(path);
  const std::string json = canonical_json(*policy);
  std::printf("%s\nsha256 %s\n", json.c_str(), sha256_hex(json).c_str());
  const auto now = current_time();
  for (const Reason& expired : expired_exemptions(*policy, now)) {
    std::fprintf(stderr, "initscan: warning: %s: %s\n", visible(path).c_str(),
                 visible(with_id(expired.sentence, expired.id)).c_str());
  }
  return ExitCode::pass;
}

}  // namespace

void add_policy_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "policy", "Check a policy; print it as pods carry it, with the SHA-256 that the final-state policy expects");
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "The policy")->required();
  add_example(*command, "initscan policy policy.yaml");
  command->callback([&chosen, path] { chosen = [path] { return check(*path); }; });
}

}  // namespace initscan
