#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/text/ascii.h"
#include "common/text/join.h"
#include "initscan/advisory/index/index_format.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/pushed_image.h"
#include "initscan/commands/registry_options.h"
#include "initscan/commands/temporary_folder.h"
#include "initscan/registry/layer.h"
#include "initscan/registry/manifest.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <sys/utsname.h>

namespace initscan {
namespace {

struct PushOptions {
  std::string path;
  std::string key;
  std::vector<std::string> architectures{};
  RegistryOptions registry{};
};

// Of the annotations that are ours.
constexpr std::string_view kPrefix = "io.initscan.advisories.";

// As Go spells this machine's: nodes of another would not unpack it.
std::string own_architecture() {
  utsname system{};
  if (uname(&system) != 0) return "amd64";
  const std::string_view machine = system.machine;
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return std::string(machine);
}

// "osv 2026-11-28T00:00:00Z, alpine-secdb"
std::string feeds_of(std::string_view statistics) {
  std::set<std::string> feeds;
  const nlohmann::json parsed = json_or_null(statistics);
  for (const auto& feed : parsed) {
    const std::string date = text_in(feed, "date");
    feeds.insert(text_in(feed, "kind") + (date.empty() ? "" : ' ' + date));
  }
  return join(feeds);
}

Result<ImageFacts> facts_of(const AdvisoryIndex& index, const Voucher& voucher) {
  const auto statistics = index.statistics();
  if (!statistics) return statistics.error();
  ImageFacts facts{{}, index.data_date(), {}};
  const auto say = [&](std::string_view what, std::string value) {
    facts.annotations.emplace(std::string(kPrefix) + std::string(what), std::move(value));
  };
  say("format", std::to_string(kIndexVersion));
  say("sha256", voucher.sha256);
  say("feeds", feeds_of(*statistics));
  if (voucher.signed_by.empty()) return facts;
  const auto seal = index.seal();
  if (!seal) return seal.error();
  say("signed-by", voucher.signed_by);
  say("signature", hex_digits(seal->signature));
  return facts;
}

// The tar of an index that has been checked as a whole; `facts` are what it says of itself.
Result<std::string> layer_of(const PushOptions& options, ImageFacts& facts) {
  auto bytes = read_file(options.path, kMaxIndexBytes);
  if (!bytes) return std::move(bytes).error().within(options.path);
  std::string layer = layer_head(bytes->size());
  layer.reserve(layer_bytes(bytes->size()));
  layer += *bytes;
  const std::size_t index_bytes = bytes->size();
  *bytes = {};
  const auto index = AdvisoryIndex::over(std::string_view(layer).substr(kTarBlockBytes, index_bytes));
  if (!index) return Error(index.error()).within(options.path);
  const auto voucher = check_voucher(*index, options.path, options.key);
  if (!voucher) return voucher.error();
  if (index->rows() == 0) return Error{Errc::malformed, options.path + ": an index without advisories"};
  auto said = facts_of(*index, *voucher);
  if (!said) return std::move(said).error().within(options.path);
  facts = std::move(*said);
  return layer + layer_tail(index_bytes);
}

Result<void> check_architectures(const std::vector<std::string>& architectures) {
  const std::set<std::string> different(architectures.begin(), architectures.end());
  for (const std::string& name : different) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_alphanumeric)) {
      return Error{Errc::usage, "--architecture: want a name of letters and digits, as amd64"};
    }
  }
  if (different.size() != architectures.size()) return Error{Errc::usage, "--architecture: the same twice"};
  return {};
}

Result<ExitCode> push(const PushOptions& options) {
  auto registry = image_of(options.registry);
  if (!registry) return registry.error();
  RegistryReference& reference = registry->reference;
  if (!reference.digest.empty()) {
    return Error{Errc::usage,
                 '"' + reference.text() + "\": what is pushed has a tag; its digest follows from what it is"};
  }
  if (auto checked = check_architectures(options.architectures); !checked) return checked.error();
  ImageFacts facts;
  const auto layer = layer_of(options, facts);
  if (!layer) return layer.error();
  const auto folder = TemporaryFolder::make("initscan-push");
  if (!folder) return folder.error();
  const std::vector<std::string> own{own_architecture()};
  auto image = keep_image(facts, options.architectures.empty() ? own : options.architectures, *layer, folder->path());
  if (!image) return image.error();
  image->tag = reference.tag;
  if (auto sent = send(registry->access, *image); !sent) return sent.error();
  reference.digest = image->manifest.digest;
  std::printf("%s\n", reference.text().c_str());
  return ExitCode::pass;
}

}  // namespace

void add_db_push(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<PushOptions>();
  auto* command = db.add_subcommand("push", "Send an index to a registry, as an image that gates mount");
  command->add_option("FILE", options->path, "The index")->required();
  add_registry_options(*command, options->registry);
  command->add_option("--key", options->key, "A public Ed25519 key in PEM: no index is sent but one that it signed")
      ->type_name("FILE");
  command
      ->add_option("--architecture", options->architectures,
                   "Of nodes that mount it, as Go spells it: amd64; repeatable (default: this machine's)")
      ->allow_extra_args(false)
      ->type_name("NAME");
  add_example(*command, "initscan db push advisories.db registry.example.com/security/advisories:today");
  command->callback([&chosen, options] { chosen = [options] { return push(*options); }; });
}

}  // namespace initscan
