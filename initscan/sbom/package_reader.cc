#include "initscan/sbom/package_reader.h"

#include "common/text/ascii.h"
#include "common/text/control.h"
#include "common/text/in_quotes.h"
#include "initscan/model/package_limits.h"
#include "initscan/sbom/properties.h"
#include "initscan/sbom/property_names.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace initscan {
namespace {

// purl-spec and Trivy call it otherwise.
std::string_view module_of(const Purl& purl) {
  const std::string_view module = purl.qualifier("rpmmod");
  return module.empty() ? purl.qualifier("modularitylabel") : module;
}

// Of no distribution. Such a package may be what is being developed, without a version yet: of what no advisory speaks
// it does not matter, and the others leave it undecided.
bool is_of_a_language(PackageType type) {
  const Ecosystem* const ecosystem = find_ecosystem(type);
  return ecosystem != nullptr && !ecosystem->osv_name.empty();
}

// "go1.26.8" and "v1.26.8" are 1.26.8 to the tools that write so, and "UNKNOWN" is none at all.
bool is_same_without_letters(std::string_view a, std::string_view b) {
  const auto without = [](std::string_view text) {
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    return text;
  };
  const auto begins_with_letters = [&](std::string_view text) {
    const std::string_view head = text.substr(0, text.size() - without(text).size());
    return std::all_of(head.begin(), head.end(), is_letter);
  };
  const bool is_said = !without(a).empty() || b.empty();
  return begins_with_letters(a) && begins_with_letters(b) && is_said && without(a) == without(b);
}

// What is no package would match no advisory, and read as clean.
Result<void> check(const Package& package, const std::string& at) {
  const auto malformed = [&](std::string words) { return Error{Errc::malformed, at + std::move(words)}; };
  if (package.version.empty() && !is_of_a_language(package.type)) {
    return malformed(in_quotes(package.name) + " has no version");
  }
  if (!is_package_name(package.type, package.name)) {
    return malformed(in_quotes(package.name) + " is not a package name");
  }
  if (!is_package_name(package.type, package.source_name)) {
    return malformed(in_quotes(package.source_name) + " is not a source package name");
  }
  if (const std::string why = too_long_in(package); !why.empty()) {
    return malformed(in_quotes(package.name) + ": " + why);
  }
  if (has_control(package.source_version)) {
    return malformed(in_quotes(package.name) + ": its source's version has control characters");
  }
  return {};
}

}  // namespace

Result<void> PackageReader::read(const JsonFields& fields, const std::string& at, const Purl& purl,
                                 const Ecosystem& ecosystem) {
  Package package;
  package.type = ecosystem.type;
  package.name = package_name_of(purl, ecosystem);
  package.version = with_epoch(purl.qualifier("epoch"), purl.version);
  package.architecture = purl.qualifier("arch");
  package.module = module_of(purl);

  // Without the properties that cannot be read the package is still one.
  const auto properties = properties_of(fields, at);
  if (auto read = odd_.tolerate(properties ? Result<void>() : properties.error()); !read) return read;
  PackageSource source;
  for (const auto& [key, value] : properties ? *properties : std::vector<Property>()) {
    source.read(key, value);
    if (key == kPath) package.path = value;
  }
  source.read(purl);
  if (is_syfts_) source.leave_out_as_syft_does(package.name);
  set_source(package, source, ecosystem, at);
  if (auto checked = check(package, at); !checked) return checked;
  compare_with_itself(at, purl);
  if (auto same = compare_with_component(fields, at, purl, package); !same) return same;
  sbom_.packages.push_back(std::move(package));
  return {};
}

void PackageReader::set_source(Package& package, const PackageSource& source, const Ecosystem& ecosystem,
                               const std::string& at) {
  if (ecosystem.sources == SourceRule::none) {
    package.source_name = package.name;
    package.source_version = package.version;
    return;
  }
  package.source_name = source.is_stated() ? source.name() : std::string_view(package.name);
  package.source_version = source.version();
  if (package.source_version.empty()) package.source_version = package.version;
  if (!source.is_stated() && unsourced_++ == 0) first_unsourced_ = package.name;
  // Two words for it would let each reader take its own.
  if (!source.other_name().empty()) note_contradiction(at, source.name(), source.other_name());
  if (const std::string other = source.other_version(); !other.empty()) {
    note_contradiction(at, package.source_name + ' ' + package.source_version, package.source_name + ' ' + other);
  }
}

void PackageReader::conclude(Coverage& coverage) const {
  if (unsourced_ == 0) return;
  coverage.incomplete.push_back(std::to_string(unsourced_) +
                                (unsourced_ == 1 ? " package does not say which source it was built from ("
                                                 : " packages do not say which source they were built from (first: ") +
                                first_unsourced_ + ')');
}

// Each reader would take its own of two words.
void PackageReader::compare_with_itself(const std::string& at, const Purl& purl) {
  if (const std::string_view key = purl.contradiction(); !key.empty()) {
    note_contradiction(at + "its purl gives " + in_quotes(key) + " twice, with two values");
  }
  const std::string_view label = purl.qualifier("modularitylabel");
  if (!label.empty() && label != module_of(purl)) note_contradiction(at, label, module_of(purl));
  const std::string_view epoch = purl.qualifier("epoch");
  if (!says_other_epoch(epoch, purl.version)) return;
  note_contradiction(at + "its purl gives the epoch " + in_quotes(epoch) + " of the version " +
                     in_quotes(purl.version));
}

// A component says twice what it is: by name and version, and by its purl.
Result<void> PackageReader::compare_with_component(const JsonFields& fields, const std::string& at, const Purl& purl,
                                                   const Package& package) {
  const auto name = fields.text("name");
  if (!name) return name.error();
  const auto version = fields.text("version");
  if (!version) return version.error();
  const auto is_own_name = [&](std::string_view own) {
    return normalized_name(package.type, *name) == normalized_name(package.type, own);
  };
  const bool same_name = name->empty() || is_own_name(package.name) || is_own_name(purl.name);
  const bool same_version = version->empty() || *version == package.version || *version == purl.version ||
                            (is_of_a_language(package.type) && is_same_without_letters(*version, purl.version));
  if (same_name && same_version) return {};
  note_contradiction(at, std::string(*name) + ' ' + std::string(*version), package.name + ' ' + package.version);
  return {};
}

void PackageReader::note_contradiction(const std::string& at, std::string_view said, std::string_view purl) {
  note_contradiction(at + in_quotes(said) + " has the purl of " + in_quotes(purl));
}

// One of them shows what kind of document it is.
void PackageReader::note_contradiction(std::string sentence) {
  if (contradictions_++ == 0) sbom_.coverage.incomplete.push_back(std::move(sentence));
}

}  // namespace initscan
