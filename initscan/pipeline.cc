#include "initscan/pipeline.h"

#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/text/in_quotes.h"
#include "initscan/collect.h"
#include "initscan/confine/confine.h"
#include "initscan/judging.h"
#include "initscan/match/ecosystem.h"
#include "initscan/matchers.h"
#include "initscan/sbom/seal.h"
#include "initscan/source/open_image.h"

#include <optional>
#include <set>
#include <string_view>
#include <variant>

#include <unistd.h>

namespace initscan {
namespace {

// What a collector says of an image: one that ran here, or one whose SBOM is read once this process is confined.
struct Collected {
  const ImageSource* source;
  std::optional<Result<ChildAnswer>> answer;  // nullopt: there is an SBOM in source->sbom_path
};

Result<ChildAnswer> collect_in_child(const ImageSource& source, const ChildLimits& limits) {
  auto readable = paths_of_image(source.reference);
  if (!readable) return ChildAnswer{readable.error().text, true};
  const auto work = [&](const std::string& confinement) { return collect(source.reference, confinement); };
  return run_confined({source.reference, std::move(*readable), work}, limits);
}

std::vector<Collected> collect_all(const ScanRequest& request) {
  std::vector<Collected> all;
  for (const ImageSource& source : request.images) {
    all.push_back({&source, std::nullopt});
    if (!source.reference.empty()) all.back().answer = collect_in_child(source, request.limits);
  }
  return all;
}

// Only what is there: landlock cannot allow what it cannot find, and what is missing is said later, by image.
std::vector<std::string> sbom_paths(const std::vector<ImageSource>& images) {
  std::vector<std::string> paths;
  for (const ImageSource& image : images) {
    if (image.sbom_path.empty()) continue;
    for (const std::string& path : {image.sbom_path, image.sbom_path + std::string(kSealSuffix)}) {
      if (access(path.c_str(), R_OK) == 0) paths.push_back(path);
    }
  }
  return paths;
}

Result<std::string> read_nonce(const std::string& path) {
  if (path.empty()) return std::string();
  auto nonce = read_file(path, kNonceBytes);
  if (!nonce) return std::move(nonce).error().within(path);
  if (auto whole = check_nonce(*nonce); !whole) return Error(whole.error()).within(path);
  return nonce;
}

// The collector runs inside the image, and its SBOM waits in a volume: whatever interfered shows here.
std::optional<Reason> doubt_of_seal(const std::string& sbom_path, std::string_view sbom, std::string_view nonce) {
  const std::string path = sbom_path + std::string(kSealSuffix);
  const auto seal = read_file(path, kMaxSealBytes);
  if (!seal) {
    return Reason{ReasonId::seal_missing,
                  path + ": " + seal.error().text + "; an SBOM without its seal does not count"};
  }
  if (is_sealed(nonce, sbom, *seal)) return std::nullopt;
  return Reason{ReasonId::seal_wrong,
                sbom_path + ": is not what initscan's collector wrote in this pod: its seal does not match"};
}

struct ReadSbom {
  Sbom sbom;
  std::string sha256;    // "" where it is not asked for
  std::string document;  // likewise
};

// An image, or why it is not known.
using SbomOrReason = std::variant<ReadSbom, Reason>;

ReadSbom kept(Sbom sbom, std::string_view document, const ScanRequest& request) {
  return {std::move(sbom), request.hashes_sboms ? sha256_hex(document) : std::string(),
          request.keeps_documents ? std::string(document) : std::string()};
}

SbomOrReason sbom_of_answer(const Result<ChildAnswer>& answer, const std::string& reference,
                            const ScanRequest& request) {
  if (!answer) return Reason{ReasonId::reader_failed, answer.error().text};
  if (answer->is_complaint) return Reason{ReasonId::image_unreadable, answer->words};
  auto sbom = read_cyclonedx(answer->words);
  if (!sbom) {
    return Reason{ReasonId::reader_failed,
                  reference + ": the answer of the process that reads it: " + sbom.error().text};
  }
  if (sbom->coverage.is_stated) return kept(std::move(*sbom), answer->words, request);
  return Reason{ReasonId::reader_failed, reference + ": the process that reads it does not say what it saw"};
}

SbomOrReason sbom_in(const std::string& path, std::string_view nonce, const ScanRequest& request) {
  const auto text = read_file(path, kMaxSbomBytes);
  if (!text) return Reason{ReasonId::sbom_unreadable, path + ": " + text.error().text};
  if (!nonce.empty()) {
    if (auto doubt = doubt_of_seal(path, *text, nonce)) return std::move(*doubt);
  }
  auto sbom = read_cyclonedx(*text);
  if (!sbom) return Reason{ReasonId::sbom_unreadable, path + ": " + sbom.error().text};
  return kept(std::move(*sbom), *text, request);
}

SbomOrReason sbom_of(const Collected& image, std::string_view nonce, const ScanRequest& request) {
  if (!image.answer) return sbom_in(image.source->sbom_path, nonce, request);
  return sbom_of_answer(*image.answer, image.source->reference, request);
}

// Judges the images one by one, and keeps their SBOMs for the reports that show them.
class Scanning {
 public:
  Scanning(const ScanRequest& request, const Matcher& matcher) : judging_(matcher, request.policy, request.now) {}

  /// Errors: of the matcher's data, which keep every image from being judged.
  Result<void> add(const ImageSource& source, SbomOrReason sbom_or_reason) {
    if (auto* const reason = std::get_if<Reason>(&sbom_or_reason)) {
      judging_.add_unreadable(source.index, source.image, std::move(*reason));
      sboms_.emplace_back();
      documents_.emplace_back();
      return {};
    }
    auto& [sbom, sha256, document] = std::get<ReadSbom>(sbom_or_reason);
    sboms_.push_back(sbom);
    documents_.push_back(std::move(document));
    return judging_.add(source.index, source.image, std::move(sbom), std::move(sha256));
  }

  Scan conclude() { return {judging_.conclude(), std::move(sboms_), std::move(documents_)}; }

 private:
  Judging judging_;
  std::vector<Sbom> sboms_;
  std::vector<std::string> documents_;
};

// Which index would do is known once the images are: what to say to whoever has none.
Error no_index(const ScanRequest& request, const Error& missing) {
  const std::vector<Collected> images = collect_all(request);
  if (!confine(sbom_paths(request.images))) return missing;
  std::set<std::string> names;
  for (const Collected& image : images) {
    const SbomOrReason sbom = sbom_of(image, {}, request);
    if (const auto* const read = std::get_if<ReadSbom>(&sbom)) {
      for (std::string& name : needed_by(read->sbom)) names.insert(std::move(name));
    }
  }
  std::string advice = "; name an index with --db";
  if (!names.empty()) {
    advice += ", or bring the advisories that are needed: initscan db update";
    for (const std::string& name : names)
      advice += " --ecosystem " + (name.find(' ') == name.npos ? name : in_quotes(name));
    advice += " -o " + request.index_path;
  }
  return {missing.code, missing.text + advice};
}

// Of the index, unless it says that it is of something else.
Error of_data(const Error& error) {
  return id_in(error) ? error : with_id(error, ReasonId::index_unreadable);
}

}  // namespace

Result<Scan> scan(const ScanRequest& request) {
  const auto matchers = Matchers::open(request);
  if (!matchers && matchers.error().code == Errc::not_found) {
    return with_id(no_index(request, matchers.error()), ReasonId::index_unreadable);
  }
  if (!matchers) return of_data(matchers.error());
  // From here on our own data is open and known to be whole. It is trusted, and needed whatever the images are. Where a
  // server matches, the way to it is open, and what will come from there is as little trusted as an image.

  const std::vector<Collected> images = collect_all(request);
  // From here on no image is open and no child is left: each image is the words of a collector, a reason why there are
  // none, or an SBOM that waits in a file. Nobody has looked into the words.

  const auto nonce = read_nonce(request.seal_path);
  if (!nonce) return with_id(nonce.error(), ReasonId::nonce_unreadable);
  const auto confinement = confine(sbom_paths(request.images));
  if (!confinement) return with_id(confinement.error(), ReasonId::not_confined);
  // From here on this process can read the SBOMs and write to what is open already, and nothing else. No child has seen
  // the nonce.

  Scanning scanning(request, (*matchers)->chosen());
  for (const Collected& image : images) {
    const auto judged = scanning.add(*image.source, sbom_of(image, *nonce, request));
    if (!judged) return of_data(judged.error());
  }
  // From here on every image has an outcome of its own, also where it could not be read.
  return scanning.conclude();
}

}  // namespace initscan
