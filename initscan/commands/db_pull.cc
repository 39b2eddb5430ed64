#include "common/file_io.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/kept_folder_lock.h"
#include "initscan/commands/progress_line.h"
#include "initscan/commands/registry_options.h"
#include "initscan/fetch/kept_file.h"
#include "initscan/registry/layer.h"
#include "initscan/registry/manifest.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace initscan {
namespace {

constexpr const char* kManifest = "manifest";
constexpr const char* kLayer = "layer";

struct PullOptions {
  DbInstallOptions install;
  RegistryOptions registry;
};

// What a registry sent, as it waits in the folder for somebody to look at it. It is looked at once.
class Arrivals {
 public:
  Arrivals(const RegistryAccess& access, std::string folder) : access_(access), folder_(std::move(folder)) {}
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  ~Arrivals() {
    for (const char* const name : {kManifest, kLayer}) KeptFile(folder_, name).drop_new();
  }

  /// The bytes of "manifests/latest" or "blobs/sha256:...".
  Result<std::string> take(const char* name, const std::string& what, const std::string& accept, std::uint64_t most) {
    const KeptFile file(folder_, name);
    auto progress = std::make_unique<ProgressLine>(1, "files");
    auto brought =
        bring(access_, folder_, name, what, accept, most, [&](const FetchLine& line) { progress->show(line); });
    progress.reset();
    if (!brought) return brought.error();
    auto bytes = read_file(file.new_path(), most);
    if (!bytes) return std::move(bytes).error().within(file.new_path());
    return bytes;
  }

 private:
  const RegistryAccess& access_;
  const std::string folder_;
};

// What is named by a digest is what has it, whoever sent it; nothing else of it is looked at before that is clear.
Result<void> check_digest(const std::string& what, std::string_view bytes, const std::string& digest) {
  const Blob came = blob_of(bytes);
  if (came.digest == digest) return {};
  return Error{Errc::malformed, what + ": the registry sent something else: " + came.digest};
}

// Whether an index is what a layer holds, which need not be sent then.
bool is_installed(const std::string& bytes, const IndexLayer& layer) {
  if (layer.is_packed || layer_bytes(bytes.size()) != layer.blob.bytes) return false;
  return blob_of(layer_head(bytes.size()) + bytes + layer_tail(bytes.size())).digest == layer.blob.digest;
}

class Pull {
 public:
  Pull(const PullOptions& options, const RegistryImage& image, const std::string& folder)
      : options_(options), image_(image), arrivals_(image.access, folder) {}

  Result<ExitCode> run() {
    const RegistryReference& reference = image_.reference;
    auto manifest = take_manifest(reference.name(), reference.digest, kMaxManifestBytes);
    if (!manifest) return manifest.error();
    digest_ = blob_of(*manifest).digest;
    const auto first = first_of_image_list(*manifest);
    if (!first) return Error(first.error()).within(name());
    if (*first) {  // any of them will do: the layer is the same
      const Blob& image = **first;
      manifest = take_manifest(image.digest, image.digest, std::min<std::uint64_t>(image.bytes, kMaxManifestBytes));
      if (!manifest) return manifest.error();
    }
    const auto layer = read_image_manifest(*manifest);
    if (!layer) return Error(layer.error()).within(name());
    if (layer->blob.bytes > layer_bytes(kMaxIndexBytes)) {
      return Error{Errc::over_limit, name() + ": its layer is larger than an index may be"};
    }
    const auto installed = read_file(options_.install.output, kMaxIndexBytes);
    if (installed && is_installed(*installed, *layer)) return keep(*installed);
    return take(*layer);
  }

 private:
  // `digest`: "" where nobody says.
  Result<std::string> take_manifest(const std::string& called, const std::string& digest, std::uint64_t most) {
    auto manifest = arrivals_.take(kManifest, "manifests/" + called, accepted_manifests(), most);
    if (!manifest || digest.empty()) return manifest;
    if (auto checked = check_digest(image_.reference.text(), *manifest, digest); !checked) return checked.error();
    return manifest;
  }

  // Also what is there already has to be signed by the key that is asked for.
  Result<ExitCode> keep(const std::string& bytes) const {
    const auto index = AdvisoryIndex::over(bytes);
    if (!index) return Error(index.error()).within(options_.install.output);
    const auto voucher = check_voucher(*index, options_.install.output, options_.install.key);
    if (!voucher) return voucher.error();
    std::printf("%s\n  unchanged, %s\n", options_.install.output.c_str(), name().c_str());
    return ExitCode::pass;
  }

  Result<ExitCode> take(const IndexLayer& layer) {
    const std::string text = name();
    auto bytes = arrivals_.take(kLayer, "blobs/" + layer.blob.digest, {}, layer.blob.bytes);
    if (!bytes) return bytes.error();
    if (auto checked = check_digest(text + ": " + layer.blob.digest, *bytes, layer.blob.digest); !checked) {
      return checked.error();
    }
    if (layer.is_packed) {
      auto unpacked = unpack_layer(*bytes);
      if (!unpacked) return std::move(unpacked).error().within(text);
      *bytes = std::move(*unpacked);
    }
    const auto index = index_in_layer(*bytes);
    if (!index) return Error(index.error()).within(text);
    return install_index(*index, text, options_.install);
  }

  // With the digest of what came.
  std::string name() const {
    RegistryReference named = image_.reference;
    named.digest = digest_;
    return named.text();
  }

  const PullOptions& options_;
  const RegistryImage& image_;
  Arrivals arrivals_;
  std::string digest_;
};

Result<ExitCode> pull(const PullOptions& options) {
  if (options.install.output == "-") {
    return Error{Errc::usage, "-o: an index cannot be written to standard output; name a file"};
  }
  const auto image = image_of(options.registry);
  if (!image) return image.error();
  const std::string folder = options.install.output + ".pull";
  if (auto made = make_kept_folder(folder); !made) return made.error();
  const auto locked = lock_kept_folder(folder, "pull");
  if (!locked) return locked.error();
  clear_kept_folder(folder);
  return Pull(options, *image, folder).run();
}

}  // namespace

void add_db_pull(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<PullOptions>();
  auto* command = db.add_subcommand("pull", "Bring an index from a registry, unless it is older or says less");
  add_registry_options(*command, options->registry);
  command->add_option("--key", options->install.key, "A public Ed25519 key in PEM: the index must be signed by it")
      ->type_name("FILE");
  command->add_flag("--force", options->install.is_forced, "Also where it is older, or says less");
  command->add_option("-o,--output", options->install.output, "The index that is replaced")
      ->required()
      ->type_name("FILE");
  add_example(*command,
              "initscan db pull --key advisories.pub registry.example.com/security/advisories:today -o advisories.db");
  command->callback([&chosen, options] { chosen = [options] { return pull(*options); }; });
}

}  // namespace initscan
