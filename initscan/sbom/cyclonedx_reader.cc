#include "initscan/sbom/cyclonedx_reader.h"

#include "common/json/parse_dom.h"
#include "common/text/ascii.h"
#include "common/text/control.h"
#include "common/text/in_quotes.h"
#include "initscan/model/package_limits.h"
#include "initscan/sbom/json_fields.h"
#include "initscan/sbom/named_release.h"
#include "initscan/sbom/named_releases.h"
#include "initscan/sbom/odd_parts.h"
#include "initscan/sbom/own_properties.h"
#include "initscan/sbom/package_reader.h"
#include "initscan/sbom/properties.h"
#include "initscan/sbom/property_names.h"
#include "initscan/sbom/purl.h"
#include "initscan/sbom/unmatched_components.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Types of components that say nothing of software unless they have a version, a CPE or a purl: files, lock files,
// what a library of algorithms can do. The rest, and what is not a type of CycloneDX, may be anything.
constexpr std::array<std::string_view, 4> kNoSoftwareByThemselves{"application", "file", "data", "cryptographic-asset"};

// "1.6"; each since 1.2 reads alike.
bool is_understood(std::string_view spec_version) {
  constexpr std::string_view kMajor = "1.";
  if (!spec_version.starts_with(kMajor)) return false;
  const std::string_view minor = spec_version.substr(kMajor.size());
  return !minor.empty() && std::all_of(minor.begin(), minor.end(), is_digit);
}

// The purl of a container's image, which holds what the document lists.
bool is_image(const Purl& purl) {
  return purl.type == "oci" || purl.type == "docker";
}

// Whether Syft alone made the document: a list of tools (until CycloneDX 1.4), or an object with a list of components.
// Whatever is odd in it is not Syft's.
bool are_syft(const dom::element& tools) {
  dom::array list;
  const dom::element* components = &tools;
  JsonFields fields("tools: ", {"components"});
  if (tools.is_object() && fields.read(tools)) components = fields.at("components");
  if (components == nullptr || components->get(list) != simdjson::SUCCESS || list.size() == 0) return false;
  return std::all_of(list.begin(), list.end(), [](const dom::element& tool) {
    JsonFields one("tools: ", {"name"});
    if (!one.read(tool)) return false;
    const auto name = one.text("name");
    return name && *name == "syft";
  });
}

class Reader {
 public:
  Result<Sbom> read(const dom::element& document) {
    JsonFields fields("", {"bomFormat", "specVersion", "metadata", "components", "compositions"});
    if (auto read = fields.read(document); !read) return read.error();
    const auto format = fields.text("bomFormat");
    if (!format || *format != "CycloneDX") {
      return Error{Errc::malformed, "not CycloneDX: bomFormat is not \"CycloneDX\""};
    }
    const auto version = fields.text("specVersion");
    if (!version) return version.error();
    if (!is_understood(*version)) {
      return Error{Errc::unsupported, "specVersion " + in_quotes(*version) + ": want 1.x"};
    }
    if (const dom::element* const metadata = fields.at("metadata")) {
      if (auto read = odd_.tolerate(read_metadata(*metadata)); !read) return read.error();
    }
    if (auto read = read_components(fields, 0); !read) return read.error();
    if (auto read = odd_.tolerate(read_compositions(fields)); !read) return read.error();
    releases_.conclude(sbom_);
    check_release();
    unmatched_.conclude(sbom_.coverage);
    packages_.conclude(sbom_.coverage);
    own_.conclude(sbom_.coverage);
    odd_.conclude(sbom_.coverage);
    put_in_order(sbom_.packages);
    return std::move(sbom_);
  }

 private:
  Result<void> read_metadata(const dom::element& metadata) {
    JsonFields fields("metadata: ", {"properties", "component", "tools"});
    if (auto read = fields.read(metadata); !read) return read;
    if (const dom::element* const tools = fields.at("tools")) packages_.set_syfts(are_syft(*tools));
    const auto properties = properties_of(fields, "metadata: ");
    if (!properties) return properties.error();
    for (const auto& [key, value] : *properties) {
      if (auto read = own_.read(key, value, sbom_); !read) return read;
    }
    // What the document is about. Its parts may be in it; it is not a part itself, unless it is a package.
    const dom::element* const subject = fields.at("component");
    return subject == nullptr ? Result<void>() : read_component(*subject, 0, true);
  }

  Result<void> read_components(const JsonFields& parent, std::size_t depth) {
    const auto components = parent.list("components");
    if (!components) return components.error();
    if (parent.at("components") != nullptr && depth == kMaxComponentDepth) {
      return Error{Errc::over_limit, "components: nested too deeply"};
    }
    for (const dom::element& component : *components) {
      if (++count_ > kMaxComponents) return Error{Errc::over_limit, "components: too many"};
      if (auto done = odd_.tolerate(read_component(component, depth, false)); !done) return done;
    }
    return {};
  }

  Result<void> read_component(const dom::element& component, std::size_t depth, bool is_subject) {
    const std::string at = is_subject ? "metadata: component: " : place();
    JsonFields fields(at, {"type", "name", "version", "description", "purl", "cpe", "components", "properties"});
    if (auto read = fields.read(component); !read) return read;
    if (auto read = odd_.tolerate(read_one(fields, at, is_subject)); !read) return read;
    return read_components(fields, depth + 1);
  }

  Result<void> read_one(const JsonFields& fields, const std::string& at, bool is_subject) {
    const auto type = fields.text("type");
    if (!type) return type.error();
    if (*type == "operating-system") {
      if (auto read = read_os(fields, at); !read) return read;
    }
    const auto purl_text = fields.text("purl");
    if (!purl_text) return purl_text.error();
    if (purl_text->empty()) return is_subject ? Result<void>() : read_nameless(fields, *type);
    const auto purl = parse_purl(*purl_text);
    if (!purl) return Error{Errc::malformed, at + "not a purl: " + in_quotes(*purl_text)};
    if (is_subject && *type == "container" && is_image(*purl)) return {};
    const Ecosystem* const ecosystem = find_purl_type(purl->type);
    if (ecosystem == nullptr) {
      unmatched_.add(purl->type);
      return {};
    }
    if (auto read = packages_.read(fields, at, *purl, *ecosystem); !read) return read;
    if (ecosystem->osv_name.empty()) releases_.add(*purl, at);
    return {};
  }

  // Without a purl: a file, a lock file, the scanned application itself; or unidentified software.
  Result<void> read_nameless(const JsonFields& fields, std::string_view type) {
    if (type == "operating-system") return {};
    const auto version = fields.text("version");
    if (!version) return version.error();
    const auto& kinds = kNoSoftwareByThemselves;
    const bool is_none = std::find(kinds.begin(), kinds.end(), type) != kinds.end();
    if (!is_none || !version->empty() || fields.at("cpe") != nullptr) unmatched_.add("without a purl");
    return {};
  }

  Result<void> read_os(const JsonFields& fields, const std::string& at) {
    OsRelease os;
    const auto name = fields.text("name");
    if (!name) return name.error();
    const auto version = fields.text("version");
    if (!version) return version.error();
    const auto description = fields.text("description");
    if (!description) return description.error();
    const auto properties = properties_of(fields, at);
    if (!properties) return properties.error();
    os.id = *name;
    os.version_id = *version;
    // Ours are the image's own words; other tools have theirs.
    if (!sbom_.coverage.is_stated) os = named_release(*name, *version);
    os.pretty_name = description->empty() ? os.id + ' ' + os.version_id : std::string(*description);
    for (const auto& [key, value] : *properties) {
      if (key == kCodename) os.version_codename = value;
    }
    if (!has_os_) {
      sbom_.os = std::move(os);
      has_os_ = true;
    } else if (os.id != sbom_.os.id || os.version_id != sbom_.os.version_id) {
      sbom_.coverage.incomplete.push_back(at + "a second operating system, " + os.id + ' ' + os.version_id +
                                          " beside " + sbom_.os.id + ' ' + sbom_.os.version_id);
    }
    return {};
  }

  // What a document says of its own completeness (CycloneDX 1.6, compositions).
  Result<void> read_compositions(const JsonFields& document) {
    const auto compositions = document.list("compositions");
    if (!compositions) return compositions.error();
    for (const dom::element& element : *compositions) {
      JsonFields fields("compositions: ", {"aggregate"});
      if (auto read = fields.read(element); !read) return read;
      const auto aggregate = fields.text("aggregate");
      if (!aggregate) return aggregate.error();
      if (*aggregate == "complete") continue;
      sbom_.coverage.incomplete.push_back("the SBOM says that it is " + in_quotes(*aggregate) + " (compositions)");
      return {};
    }
    return {};
  }

  // The purls of its packages repeat it. Which it is cannot be known then.
  void check_release() {
    std::string why = too_long_in(sbom_.os);
    if (has_control(sbom_.os.id) || has_control(sbom_.os.version_id)) why = "its name has control characters";
    if (why.empty()) return;
    sbom_.coverage.incomplete.push_back("the operating system: " + why);
    sbom_.os = {};
  }

  std::string place() const { return "component " + std::to_string(count_) + ": "; }

  Sbom sbom_;
  std::size_t count_ = 0;
  bool has_os_ = false;
  OddParts odd_;
  OwnProperties own_;
  PackageReader packages_{sbom_, odd_};
  UnmatchedComponents unmatched_;
  NamedReleases releases_;
};

}  // namespace

Result<Sbom> read_cyclonedx(std::string_view json) {
  if (json.size() > kMaxSbomBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxSbomBytes) + " bytes"};
  }
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
  if (json.find_first_not_of(" \t\r\n") == json.npos) return Error{Errc::truncated, "is empty"};
  dom::parser parser(kMaxSbomBytes);
  const auto document = parse_dom(parser, json);
  if (!document) return document.error();
  if (!document->is_object()) return Error{Errc::malformed, "not CycloneDX: not an object"};
  return Reader().read(*document);
}

}  // namespace initscan
