#include "initscan/sbom/cyclonedx_reader.h"

#include "initscan/sbom/json_fields.h"
#include "initscan/sbom/named_release.h"
#include "initscan/sbom/package_source.h"
#include "initscan/sbom/property_names.h"
#include "initscan/sbom/purl.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kMaxDistros = 64;  // that are told apart
constexpr std::size_t kMaxKinds = 16;    // of components that are not matched, that are named

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text.substr(0, 200)) + '"';
}

// One `name` and `value` of a list of properties.
using Property = std::pair<std::string_view, std::string_view>;

Result<std::vector<Property>> properties_of(const JsonFields& fields, const std::string& place) {
  const auto list = fields.list("properties");
  if (!list) return list.error();
  std::vector<Property> properties;
  for (const dom::element& element : *list) {
    JsonFields property(place + "a property: ", {"name", "value"});
    if (auto read = property.read(element); !read) return read.error();
    const auto name = property.text("name");
    if (!name) return name.error();
    const auto value = property.text("value");
    if (!value) return value.error();
    properties.emplace_back(*name, *value);
  }
  return properties;
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

// What a report concluded, which is asked anew here.
bool is_of_a_report(std::string_view key) {
  return key == kVerdict || key == kPolicy || key == kAdvisoriesDate || key.starts_with(kWarning) ||
         key.starts_with(kFindings);
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
    if (!version->empty() && !version->starts_with("1.")) {
      return Error{Errc::unsupported, "specVersion " + in_quotes(*version) + ": want 1.x"};
    }
    if (const dom::element* const metadata = fields.at("metadata")) {
      if (auto read = tolerate(read_metadata(*metadata)); !read) return read.error();
    }
    if (auto read = read_components(fields, 0); !read) return read.error();
    if (auto read = tolerate(read_compositions(fields)); !read) return read.error();
    note_distros();
    note_kinds();
    note_unsourced();
    if (images_ > 1) sbom_.coverage.incomplete.push_back("a report of " + std::to_string(images_) + " images, not one");
    note_odd();
    put_in_order(sbom_.packages);
    return std::move(sbom_);
  }

 private:
  // One odd part leaves a doubt, and what is known of the rest is judged. A limit that is met ends the reading.
  Result<void> tolerate(const Result<void>& read) {
    if (read) return read;
    if (read.error().code != Errc::malformed) return read;
    if (odd_++ == 0) first_odd_ = read.error().text;
    return {};
  }

  void note_odd() {
    if (odd_ == 0) return;
    sbom_.coverage.incomplete.push_back(
        odd_ == 1 ? first_odd_ : first_odd_ + "; and " + std::to_string(odd_ - 1) + " more that cannot be read");
  }

  Result<void> read_metadata(const dom::element& metadata) {
    JsonFields fields("metadata: ", {"properties", "component", "tools"});
    if (auto read = fields.read(metadata); !read) return read;
    if (const dom::element* const tools = fields.at("tools")) is_syfts_ = are_syft(*tools);
    const auto properties = properties_of(fields, "metadata: ");
    if (!properties) return properties.error();
    for (const auto& [key, value] : *properties) {
      if (auto read = read_coverage(key, value); !read) return read;
    }
    // What the document is about. Its parts may stand in it; it is no part itself, unless it is a package.
    const dom::element* const subject = fields.at("component");
    return subject == nullptr ? Result<void>() : read_component(*subject, 0, true);
  }

  Result<void> read_number(std::string_view key, std::string_view text, std::uint64_t& out) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || rest != end) {
      return Error{Errc::malformed, std::string(key) + ": " + in_quotes(text) + " is not a number"};
    }
    return {};
  }

  // What of a scan a document tells in properties of our own. A later release may tell more; what is not understood
  // may be the very thing that nobody saw.
  Result<void> read_coverage(std::string_view key, std::string_view value) {
    Coverage& coverage = sbom_.coverage;
    if (key == kIncomplete) {
      coverage.incomplete.emplace_back(value);
      return {};
    }
    if (key == kUnmatched) {
      coverage.unmatched.emplace_back(value);
      return {};
    }
    if (!key.starts_with(kOwnPrefix) || is_of_a_report(key)) return {};
    if (key.starts_with(kReportedImage)) {
      ++images_;
      return {};
    }
    if (key.starts_with(kUndecided)) {
      coverage.incomplete.push_back("a report that says it was undecided: " + std::string(value));
      return {};
    }
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) {
      return Error{Errc::malformed, in_quotes(key) + " stands twice in metadata"};
    }
    known_.push_back(key);
    coverage.is_stated = coverage.is_stated || key == kFilesSeen;
    if (key == kFilesSeen) return read_number(key, value, coverage.files_seen);
    if (key == kUnreadable) return read_number(key, value, coverage.unreadable);
    if (key == kOtherMounts) return read_number(key, value, coverage.other_mounts);
    if (key == kUnsupported) return read_number(key, value, coverage.unsupported);
    if (key == kConfinement) {
      sbom_.confinement = value;
    } else if (key == kTruncated && (value == "true" || value == "false")) {
      coverage.truncated = value == "true";
    } else if (known_.size() > kMaxKinds) {
      return Error{Errc::over_limit, "metadata: too many properties of initscan"};
    } else {
      coverage.incomplete.push_back("the SBOM says " + in_quotes(key) + " is " + in_quotes(value) +
                                    ", which this release does not understand");
    }
    return {};
  }

  Result<void> read_components(const JsonFields& parent, std::size_t depth) {
    const auto components = parent.list("components");
    if (!components) return components.error();
    if (parent.at("components") != nullptr && depth == kMaxComponentDepth) {
      return Error{Errc::over_limit, "components: nested too deeply"};
    }
    for (const dom::element& component : *components) {
      if (++count_ > kMaxComponents) return Error{Errc::over_limit, "components: too many"};
      if (auto done = tolerate(read_component(component, depth, false)); !done) return done;
    }
    return {};
  }

  Result<void> read_component(const dom::element& component, std::size_t depth, bool is_subject) {
    const std::string at = is_subject ? "metadata: component: " : place();
    JsonFields fields(at, {"type", "name", "version", "description", "purl", "cpe", "components", "properties"});
    if (auto read = fields.read(component); !read) return read;
    if (auto read = tolerate(read_one(fields, at, is_subject)); !read) return read;
    return read_components(fields, depth + 1);
  }

  Result<void> read_one(const JsonFields& fields, const std::string& at, bool is_subject) {
    const auto type = fields.text("type");
    if (!type) return type.error();
    if (*type == "operating-system") return read_os(fields, at);
    const auto purl_text = fields.text("purl");
    if (!purl_text) return purl_text.error();
    if (is_subject && (*type == "container" || purl_text->empty())) return {};
    if (purl_text->empty()) return read_nameless(fields, *type);
    const auto purl = parse_purl(*purl_text);
    if (!purl) return Error{Errc::malformed, at + "not a purl: " + in_quotes(*purl_text)};
    const Ecosystem* const ecosystem = find_purl_type(purl->type);
    if (ecosystem != nullptr) return read_package(fields, at, *purl, ecosystem->type);
    count_unmatched(purl->type);
    return {};
  }

  // Without a purl: a file, a lock file, the scanned application itself; or software of which nobody knows what it is.
  Result<void> read_nameless(const JsonFields& fields, std::string_view type) {
    const auto version = fields.text("version");
    if (!version) return version.error();
    const bool is_software = type == "library" || type == "framework";
    if (is_software || !version->empty() || fields.at("cpe") != nullptr) count_unmatched("without a purl");
    return {};
  }

  void count_unmatched(std::string_view kind) {
    ++sbom_.coverage.unsupported;
    if (kinds_.size() == kMaxKinds && !kinds_.contains(kind)) kind = "others";
    const auto place = kinds_.find(kind);
    if (place != kinds_.end()) {
      ++place->second;
    } else {
      kinds_.emplace(kind.substr(0, 64), 1);
    }
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

  Result<void> read_package(const JsonFields& fields, const std::string& at, const Purl& purl, PackageType type) {
    Package package;
    package.type = type;
    package.name = purl.name;
    package.version = with_epoch(purl.qualifier("epoch"), purl.version);
    package.architecture = purl.qualifier("arch");
    if (package.version.empty()) return Error{Errc::malformed, at + '"' + package.name + "\" has no version"};

    // Without the properties that cannot be read the package is still one.
    const auto properties = properties_of(fields, at);
    if (auto read = tolerate(properties ? Result<void>() : properties.error()); !read) return read;
    PackageSource source;
    for (const auto& [key, value] : properties ? *properties : std::vector<Property>()) {
      source.read(key, value);
      if (key == kPath) package.path = value;
    }
    source.read(purl);
    if (is_syfts_) source.leave_out_as_syft_does(package.name);
    set_source(package, source, at);
    if (auto same = compare_with_component(fields, at, purl, package); !same) return same;
    note_distro(purl, at);
    sbom_.packages.push_back(std::move(package));
    return {};
  }

  void set_source(Package& package, const PackageSource& source, const std::string& at) {
    package.source_name = source.is_stated() ? source.name() : std::string_view(package.name);
    package.source_version = source.version();
    if (package.source_version.empty()) package.source_version = package.version;
    if (!source.is_stated() && unsourced_++ == 0) first_unsourced_ = package.name;
    // Two words for it would let each reader take its own.
    if (!source.other_name().empty()) note_contradiction(at, source.name(), source.other_name());
  }

  // Advisories speak of sources: of such a package they are found by chance.
  void note_unsourced() {
    if (unsourced_ == 0) return;
    sbom_.coverage.incomplete.push_back(std::to_string(unsourced_) +
                                        (unsourced_ == 1
                                             ? " package does not say which source it was built from ("
                                             : " packages do not say which source they were built from (first: ") +
                                        first_unsourced_ + ')');
  }

  // A component says twice what it is: by name and version, and by its purl.
  Result<void> compare_with_component(const JsonFields& fields, const std::string& at, const Purl& purl,
                                      const Package& package) {
    const auto name = fields.text("name");
    if (!name) return name.error();
    const auto version = fields.text("version");
    if (!version) return version.error();
    const bool same_name = name->empty() || *name == package.name;
    const bool same_version = version->empty() || *version == package.version || *version == purl.version;
    if (same_name && same_version) return {};
    note_contradiction(at, std::string(*name) + ' ' + std::string(*version), package.name + ' ' + package.version);
    return {};
  }

  // One of them shows what kind of document it is.
  void note_contradiction(const std::string& at, std::string_view said, std::string_view purl) {
    if (contradictions_++ > 0) return;
    sbom_.coverage.incomplete.push_back(at + in_quotes(said) + " has the purl of " + in_quotes(purl));
  }

  void note_distro(const Purl& purl, const std::string& at) {
    for (OsRelease& os : releases_of(purl)) {
      if (distros_.size() > kMaxDistros) return;
      const bool is_known = std::any_of(distros_.begin(), distros_.end(), [&](const auto& d) { return d.first == os; });
      if (!is_known) distros_.emplace_back(std::move(os), at);
    }
  }

  // Where no component is the operating system the first purl says it. Every other has to say the same: which
  // advisories are asked hangs on it.
  void note_distros() {
    const auto whole = std::find_if(distros_.begin(), distros_.end(),
                                    [](const auto& distro) { return !distro.first.version_id.empty(); });
    if (sbom_.os.id.empty() && !distros_.empty()) {
      sbom_.os = whole != distros_.end() ? whole->first : distros_.front().first;
    }
    for (const auto& [os, at] : distros_) {
      const bool same_id = os.id.empty() || os.id == sbom_.os.id;
      const bool same_release = os.version_id.empty() || os.version_id == sbom_.os.version_codename ||
                                is_same_release(os.version_id, sbom_.os.version_id);
      if (same_id && same_release) continue;
      sbom_.coverage.incomplete.push_back(at + "its purl is of " + in_words(os) + ", and the operating system is " +
                                          in_words(sbom_.os));
    }
    if (distros_.size() > kMaxDistros) {
      sbom_.coverage.incomplete.push_back("its purls name more than " + std::to_string(kMaxDistros) + " releases");
    }
  }

  // "12" and "12.6" are one release, told more or less exactly.
  static bool is_same_release(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    return !a.empty() && b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '.');
  }

  void note_kinds() {
    if (kinds_.empty()) return;
    const std::uint64_t total = sbom_.coverage.unsupported;
    std::string sentence = std::to_string(total) + (total == 1 ? " component" : " components");
    std::string_view mark = " of kinds that are not matched: ";
    for (const auto& [kind, count] : kinds_) {
      sentence += mark;
      sentence += kind + ' ' + std::to_string(count);
      mark = ", ";
    }
    sbom_.coverage.unmatched.push_back(std::move(sentence));
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
      sbom_.coverage.incomplete.push_back("the SBOM says of itself that it is " + in_quotes(*aggregate) +
                                          " (compositions)");
      return {};
    }
    return {};
  }

  std::string place() const { return "component " + std::to_string(count_) + ": "; }

  Sbom sbom_;
  std::size_t count_ = 0;
  std::size_t contradictions_ = 0;
  std::size_t unsourced_ = 0;  // packages
  std::string first_unsourced_;
  std::size_t odd_ = 0;  // parts that cannot be read
  std::string first_odd_;
  std::size_t images_ = 0;  // of a report of ours
  bool is_syfts_ = false;
  bool has_os_ = false;
  std::vector<std::string_view> known_;                     // properties of our own, seen
  std::map<std::string, std::size_t, std::less<>> kinds_;   // of components that are not matched
  std::vector<std::pair<OsRelease, std::string>> distros_;  // that purls name, and where
};

}  // namespace

Result<Sbom> read_cyclonedx(std::string_view json) {
  if (json.size() > kMaxSbomBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxSbomBytes) + " bytes"};
  }
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
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
