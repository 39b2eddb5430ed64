#include "initscan/sbom/cyclonedx_writer.h"

#include "common/version.h"
#include "initscan/sbom/property_names.h"
#include "initscan/sbom/purl.h"

namespace initscan {
namespace {

void write_property(JsonWriter& json, std::string_view name, std::string_view value) {
  json.begin_object().field("name", name).field("value", value).end_object();
}

void write_os(JsonWriter& json, const OsRelease& os, std::string_view prefix) {
  json.begin_object().field("bom-ref", std::string(prefix) + "os").field("type", std::string_view("operating-system"));
  json.field("name", os.id);
  if (!os.version_id.empty()) json.field("version", os.version_id);
  if (!os.pretty_name.empty()) json.field("description", os.pretty_name);
  if (!os.version_codename.empty()) {
    json.key("properties").begin_array();
    write_property(json, kCodename, os.version_codename);
    json.end_array();
  }
  json.end_object();
}

void write_package(JsonWriter& json, const Package& package, const OsRelease& os, const std::string& ref) {
  json.begin_object().field("bom-ref", ref).field("type", std::string_view("library"));
  json.field("name", package.name).field("version", package.version).field("purl", purl_of(package, os));
  json.key("properties").begin_array();
  write_property(json, kPath, package.path);
  write_property(json, kSourceName, package.source_name);
  write_property(json, kSourceVersion, package.source_version);
  json.end_array().end_object();
}

void write_metadata(JsonWriter& json, const Sbom& sbom) {
  json.key("metadata").begin_object();
  json.key("tools").begin_object().key("components").begin_array();
  json.begin_object()
      .field("type", std::string_view("application"))
      .field("name", std::string_view("initscan-collect"));
  json.field("version", std::string_view(kVersion)).end_object();
  json.end_array().end_object();

  const Coverage& coverage = sbom.coverage;
  json.key("properties").begin_array();
  if (coverage.is_stated) write_property(json, kFilesSeen, std::to_string(coverage.files_seen));
  write_property(json, kUnreadable, std::to_string(coverage.unreadable));
  write_property(json, kOtherMounts, std::to_string(coverage.other_mounts));
  write_property(json, kUnsupported, std::to_string(coverage.unsupported));
  write_property(json, kTruncated, coverage.truncated ? "true" : "false");
  for (const std::string& sentence : coverage.incomplete) write_property(json, kIncomplete, sentence);
  for (const std::string& sentence : coverage.unmatched) write_property(json, kUnmatched, sentence);
  write_property(json, kConfinement, sbom.confinement);
  json.end_array().end_object();
}

}  // namespace

std::string package_ref(std::string_view prefix, std::size_t number) {
  return std::string(prefix) + "package-" + std::to_string(number);
}

void write_components(JsonWriter& json, const Sbom& sbom, std::string_view prefix) {
  if (!sbom.os.id.empty()) write_os(json, sbom.os, prefix);
  for (std::size_t i = 0; i < sbom.packages.size(); ++i) {
    write_package(json, sbom.packages[i], sbom.os, package_ref(prefix, i));
  }
}

std::string write_cyclonedx(const Sbom& sbom) {
  JsonWriter json;
  json.begin_object().field("bomFormat", std::string_view("CycloneDX")).field("specVersion", std::string_view("1.6"));
  json.field("version", 1u);
  write_metadata(json, sbom);
  json.key("components").begin_array();
  write_components(json, sbom, "");
  json.end_array().end_object();
  std::string text = json.take();
  text += '\n';
  return text;
}

}  // namespace initscan
