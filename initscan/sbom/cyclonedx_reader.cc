#include "initscan/sbom/cyclonedx_reader.h"

#include "initscan/sbom/property_names.h"
#include "initscan/sbom/purl.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

// The string of a field, "" where there is none.
std::string_view text_of(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

template <class Visit>
void for_each_property(const dom::element& object, Visit visit) {
  dom::array properties;
  if (object["properties"].get(properties) != simdjson::SUCCESS) return;
  for (const dom::element property : properties) visit(text_of(property, "name"), text_of(property, "value"));
}

std::optional<PackageType> type_of(std::string_view purl_type) {
  for (const PackageType type : {PackageType::deb, PackageType::apk}) {
    if (to_string(type) == purl_type) return type;
  }
  return std::nullopt;
}

// "1:2.38-5" of epoch "1" and version "2.38-5", where the version does not say its epoch itself.
std::string with_epoch(std::string_view epoch, std::string_view version) {
  if (epoch.empty() || epoch == "0" || version.find(':') != version.npos) return std::string(version);
  return std::string(epoch) + ':' + std::string(version);
}

// What the properties of our own and of trivy's documents say of a package's source.
struct Source {
  std::string_view name, version, release, epoch, path;

  void read(std::string_view key, std::string_view value) {
    if (key == kSourceName || key == "aquasecurity:trivy:SrcName") name = value;
    if (key == kSourceVersion || key == "aquasecurity:trivy:SrcVersion") version = value;
    if (key == "aquasecurity:trivy:SrcRelease") release = value;
    if (key == "aquasecurity:trivy:SrcEpoch") epoch = value;
    if (key == kPath) path = value;
  }

  std::string whole_version() const {
    std::string whole = with_epoch(epoch, version);
    if (!release.empty()) whole += '-' + std::string(release);
    return whole;
  }
};

class Reader {
 public:
  Result<Sbom> read(const dom::element& document) {
    if (text_of(document, "bomFormat") != "CycloneDX") {
      return Error{Errc::malformed, "not CycloneDX: bomFormat is not \"CycloneDX\""};
    }
    dom::element metadata;
    if (document["metadata"].get(metadata) == simdjson::SUCCESS) read_metadata(metadata);
    if (auto done = read_components(document, 0); !done) return done.error();
    std::sort(sbom_.packages.begin(), sbom_.packages.end(), [](const Package& a, const Package& b) {
      return std::tie(a.type, a.name, a.version, a.architecture, a.path) <
             std::tie(b.type, b.name, b.version, b.architecture, b.path);
    });
    return std::move(sbom_);
  }

 private:
  void read_metadata(const dom::element& metadata) {
    const auto number = [](std::string_view text) {
      std::uint64_t value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    };
    for_each_property(metadata, [&](std::string_view key, std::string_view value) {
      Coverage& coverage = sbom_.coverage;
      if (key == kFilesSeen) coverage.files_seen = number(value);
      if (key == kUnreadable) coverage.unreadable = number(value);
      if (key == kOtherMounts) coverage.other_mounts = number(value);
      if (key == kUnsupported) coverage.unsupported = number(value);
      if (key == kTruncated) coverage.truncated = value == "true";
      if (key == kIncomplete) coverage.incomplete.emplace_back(value);
      if (key == kConfinement) sbom_.confinement = value;
    });
  }

  Result<void> read_components(const dom::element& parent, std::size_t depth) {
    dom::array components;
    const auto error = parent["components"].get(components);
    if (error == simdjson::NO_SUCH_FIELD) return {};
    if (error != simdjson::SUCCESS) return Error{Errc::malformed, "components: not an array"};
    if (depth == kMaxComponentDepth) return Error{Errc::over_limit, "components: nested too deeply"};
    for (const dom::element component : components) {
      if (++count_ > kMaxComponents) return Error{Errc::over_limit, "components: too many"};
      if (!component.is_object()) return Error{Errc::malformed, place() + "not an object"};
      if (auto done = read_component(component); !done) return done;
      if (auto done = read_components(component, depth + 1); !done) return done;
    }
    return {};
  }

  Result<void> read_component(const dom::element& component) {
    if (text_of(component, "type") == "operating-system") {
      read_os(component);
      return {};
    }
    const std::string_view purl_text = text_of(component, "purl");
    if (purl_text.empty()) return {};  // a file, a lock file, the scanned application itself
    const auto purl = parse_purl(purl_text);
    if (!purl) return Error{Errc::malformed, place() + "not a purl: \"" + std::string(purl_text.substr(0, 200)) + '"'};
    const auto type = type_of(purl->type);
    if (!type) {
      ++sbom_.coverage.unsupported;
      return {};
    }
    return read_package(component, *purl, *type);
  }

  // The first one counts: a document has one, and nested ones are of containers inside.
  void read_os(const dom::element& component) {
    OsRelease& os = sbom_.os;
    if (!os.pretty_name.empty() || !os.version_codename.empty()) return;
    os.id = text_of(component, "name");
    os.version_id = text_of(component, "version");
    os.pretty_name = text_of(component, "description");
    if (os.pretty_name.empty()) os.pretty_name = os.id + ' ' + os.version_id;
    for_each_property(component, [&](std::string_view key, std::string_view value) {
      if (key == kCodename) os.version_codename = value;
    });
  }

  Result<void> read_package(const dom::element& component, const Purl& purl, PackageType type) {
    Package package;
    package.type = type;
    package.name = purl.name;
    package.version = with_epoch(purl.qualifier("epoch"), purl.version);
    package.architecture = purl.qualifier("arch");
    if (package.version.empty()) return Error{Errc::malformed, place() + '"' + package.name + "\" has no version"};

    Source source;
    for_each_property(component, [&](std::string_view key, std::string_view value) { source.read(key, value); });
    const std::string_view upstream = purl.qualifier("upstream");
    const std::size_t at = upstream.find('@');
    package.path = source.path;
    package.source_name = !source.name.empty() ? source.name
                          : !upstream.empty()  ? upstream.substr(0, at)
                                               : package.name;
    package.source_version = !source.version.empty() ? source.whole_version()
                             : at != upstream.npos   ? std::string(upstream.substr(at + 1))
                                                     : package.version;
    read_distro(purl.qualifier("distro"));
    sbom_.packages.push_back(std::move(package));
    return {};
  }

  // "debian-12", where no component has said it.
  void read_distro(std::string_view distro) {
    const std::size_t dash = distro.rfind('-');
    if (!sbom_.os.id.empty() || dash == distro.npos) return;
    sbom_.os.id = distro.substr(0, dash);
    sbom_.os.version_id = distro.substr(dash + 1);
  }

  std::string place() const { return "component " + std::to_string(count_) + ": "; }

  Sbom sbom_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Sbom> read_cyclonedx(std::string_view json) {
  if (json.size() > kMaxSbomBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxSbomBytes) + " bytes"};
  }
  if (json.find_first_not_of(" \t\r\n") == json.npos) return Error{Errc::truncated, "is empty"};
  dom::parser parser(kMaxSbomBytes);
  dom::element document;
  if (const auto error = parser.parse(json.data(), json.size()).get(document); error != simdjson::SUCCESS) {
    return Error{Errc::malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  }
  if (!document.is_object()) return Error{Errc::malformed, "not CycloneDX: not an object"};
  return Reader().read(document);
}

}  // namespace initscan
