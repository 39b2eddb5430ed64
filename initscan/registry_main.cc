// initscan-registry: brings what an image in a registry is made of into a folder, or sends it, and reads none of it. It
// holds the credentials and the network.
#include "common/cli/run.h"
#include "common/file_io.h"
#include "common/text/visible.h"
#include "common/version.h"
#include "initscan/confine/hide.h"
#include "initscan/fetch/line_speaker.h"
#include "initscan/model/image_digest.h"
#include "initscan/registry/manifest.h"
#include "initscan/registry/registry_client.h"
#include "initscan/registry/registry_program.h"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

struct RegistryOptions {
  std::string url;
  std::string repository;
  std::string auth_file;
  std::string ca_file;

  std::string folder;
  std::string name;
  std::string what;
  std::string accept;
  std::uint64_t most_bytes = 0;

  std::vector<std::string> blobs;
  std::vector<std::string> manifests;
  std::string tagged;
  std::string type;
  std::string tag;
};

Result<RegistryClient> client_of(const RegistryOptions& options, bool is_writing) {
  std::optional<RegistryCredentials> credentials;
  if (!options.auth_file.empty()) {
    const auto text = read_file(options.auth_file, kMaxCredentialsBytes);
    if (!text) return Error(text.error()).within(options.auth_file);
    auto found = credentials_in(*text, host_of_registry(options.url), options.repository);
    if (!found) return std::move(found).error().within(options.auth_file);
    credentials = std::move(*found);
  }
  return RegistryClient::make({options.url, options.repository, is_writing, std::move(credentials), options.ca_file});
}

Result<void> bring(const RegistryOptions& options, LineSpeaker& speaker) {
  if (!is_fetch_name(options.name)) return Error{Errc::usage, "--name: want a file's name"};
  if (auto made = make_kept_folder(options.folder); !made) return made.error();
  auto client = client_of(options, false);
  if (!client) return client.error();
  const auto fetched = client->bring(options.what, options.accept, options.most_bytes,
                                     KeptFile(options.folder, options.name), speaker.progress_of(options.name));
  if (!fetched) return fetched.error();
  speaker.say({FetchLine::Kind::fetched, options.name, 0, 0, {}});
  return {};
}

struct DigestFile {
  std::string digest;
  std::string path;
};

Result<DigestFile> digest_file_of(const std::string& option, const std::string& argument) {
  const std::size_t mark = argument.find('=');
  DigestFile file{argument.substr(0, mark), mark == argument.npos ? "" : argument.substr(mark + 1)};
  if (!is_image_digest(file.digest) || file.path.empty()) {
    return Error{Errc::usage, option + ": want DIGEST=FILE, got \"" + visible(argument) + '"'};
  }
  return file;
}

// What is named before what names it: who finds the tag finds all of it.
Result<void> send(const RegistryOptions& options, LineSpeaker& speaker) {
  const auto tagged = digest_file_of("--tagged", options.tagged);
  if (!tagged) return tagged.error();
  auto client = client_of(options, true);
  if (!client) return client.error();
  for (const std::string& argument : options.blobs) {
    const auto blob = digest_file_of("--blob", argument);
    if (!blob) return blob.error();
    if (const auto sent = client->send_blob(blob->digest, blob->path); !sent) return sent.error();
  }
  for (const std::string& argument : options.manifests) {
    const auto manifest = digest_file_of("--manifest", argument);
    if (!manifest) return manifest.error();
    auto sent = client->send_manifest(manifest->digest, std::string(kManifestType), manifest->digest, manifest->path);
    if (!sent) return sent;
  }
  if (auto sent = client->send_manifest(options.tag, options.type, tagged->digest, tagged->path); !sent) return sent;
  speaker.say({FetchLine::Kind::fetched, kSentImage, 0, 0, {}});
  return {};
}

Result<ExitCode> run(const RegistryOptions& options, const std::string& name,
                     Result<void> (*work)(const RegistryOptions&, LineSpeaker&)) {
  if (auto hidden = hide_memory(); !hidden) return hidden.error();
  if (auto bound = end_with_parent(); !bound) return bound.error();
  LineSpeaker speaker;
  const auto done = work(options, speaker);
  if (done) return ExitCode::pass;
  if (done.error().code == Errc::usage) return done.error();
  speaker.say_failed(name, done.error());
  return ExitCode::undecided;
}

void add_bring(CLI::App& app, Command& chosen, RegistryOptions& options) {
  auto* command = app.add_subcommand("bring", "Bring a manifest or a blob into a folder");
  command->add_option("--into", options.folder, "The folder")->required()->type_name("FOLDER");
  command->add_option("--name", options.name, "The file's name in there")->required();
  command->add_option("--what", options.what, "manifests/TAG, manifests/DIGEST or blobs/DIGEST")->required();
  command->add_option("--accept", options.accept, "Of which types it may be")->type_name("TYPES");
  command->add_option("--most-bytes", options.most_bytes, "How large it may be")->required();
  add_example(*command,
              "initscan-registry --registry https://registry.example.com --repository advisories bring "
              "--into folder --name manifest --what manifests/latest --most-bytes 1000000");
  command->callback([&] { chosen = [&options] { return run(options, options.name, bring); }; });
}

void add_send(CLI::App& app, Command& chosen, RegistryOptions& options) {
  auto* command = app.add_subcommand("send", "Send an image");
  command->add_option("--blob", options.blobs, "What it is made of; repeatable")->required()->type_name("DIGEST=FILE");
  command->add_option("--manifest", options.manifests, "Of an image of a list; repeatable")->type_name("DIGEST=FILE");
  command->add_option("--tagged", options.tagged, "The manifest or the list that gets the tag")
      ->required()
      ->type_name("DIGEST=FILE");
  command->add_option("--type", options.type, "Its media type")->required();
  command->add_option("--tag", options.tag, "The tag")->required();
  add_example(*command,
              "initscan-registry --registry https://registry.example.com --repository advisories send "
              "--blob sha256:...=layer.tar --tagged sha256:...=manifest.json "
              "--type application/vnd.oci.image.manifest.v1+json --tag latest");
  command->callback([&] { chosen = [&options] { return run(options, kSentImage, send); }; });
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  CLI::App app("Brings or sends an image of a registry. initscan db pull and db push start it.", "initscan-registry");
  app.set_version_flag("--version", std::string("initscan-registry ") + initscan::kVersion, "Print the version");
  app.footer("Exit codes: 0 it is there, 1 it is not, 64 wrong usage.");
  app.require_subcommand(1);
  initscan::RegistryOptions options;
  app.add_option("--registry", options.url, "The registry")->required()->type_name("URL");
  app.add_option("--repository", options.repository, "The image's name in there")->required()->type_name("NAME");
  app.add_option("--auth", options.auth_file, "Credentials, as docker and podman write them")->type_name("FILE");
  app.add_option("--ca", options.ca_file, "Whom to trust, in PEM; without it the system's roots")->type_name("FILE");
  initscan::add_example(
      app, "initscan-registry --registry https://registry.example.com --repository advisories bring --help");
  initscan::Command chosen;
  initscan::add_bring(app, chosen, options);
  initscan::add_send(app, chosen, options);
  return initscan::run_program(app, chosen, argc, argv);
}
