#include "initscan/registry/registry_program.h"

#include "initscan/fetch/line_program.h"

namespace initscan {
namespace {

std::vector<std::string> words_of(const RegistryAccess& access) {
  std::vector<std::string> words{access.program, "--registry=" + access.url, "--repository=" + access.repository};
  if (!access.auth_file.empty()) words.push_back("--auth=" + access.auth_file);
  if (!access.ca_file.empty()) words.push_back("--ca=" + access.ca_file);
  return words;
}

Result<void> run(const std::vector<std::string>& words, const std::string& name,
                 const std::function<void(const FetchLine&)>& progress) {
  const auto lines = run_line_program(words, {name}, progress);
  if (!lines) return lines.error();
  const FetchLine& line = lines->front();
  if (line.kind == FetchLine::Kind::failed) return Error{Errc::failed, line.words};
  return {};
}

}  // namespace

Result<void> bring(const RegistryAccess& access, const std::string& folder, const std::string& name,
                   const std::string& what, const std::string& accept, std::uint64_t most,
                   const std::function<void(const FetchLine&)>& progress) {
  std::vector<std::string> words = words_of(access);
  words.insert(words.end(), {"bring", "--into=" + folder, "--name=" + name, "--what=" + what,
                             "--most-bytes=" + std::to_string(most)});
  if (!accept.empty()) words.push_back("--accept=" + accept);
  return run(words, name, progress);
}

Result<void> send(const RegistryAccess& access, const PushedImage& image) {
  std::vector<std::string> words = words_of(access);
  const auto word = [](const char* option, const PushedImage::BlobFile& file) {
    return option + file.digest + '=' + file.path;
  };
  words.insert(words.end(),
               {"send", "--tag=" + image.tag, "--type=" + image.manifest_type, word("--tagged=", image.manifest)});
  for (const PushedImage::BlobFile& blob : image.blobs) words.push_back(word("--blob=", blob));
  for (const PushedImage::BlobFile& manifest : image.manifests) words.push_back(word("--manifest=", manifest));
  return run(words, kSentImage, [](const FetchLine&) {});
}

}  // namespace initscan
