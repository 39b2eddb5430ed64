#include "initscan/advisory/feed.h"

#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

Error at(const YAML::Mark& mark, std::string text) {
  const std::string place = mark.is_null() ? std::string() : std::to_string(mark.line + 1) + ": ";
  return {Errc::malformed, place + std::move(text)};
}

// "CVE-2017-15597 XSA-236": one vulnerability and what others call it.
Advisory advisory_of(std::string_view ids) {
  Advisory advisory;
  while (!ids.empty()) {
    const std::string_view id = ids.substr(0, ids.find(' '));
    ids.remove_prefix(std::min(id.size() + 1, ids.size()));
    if (id.empty()) continue;
    if (advisory.id.empty()) {
      advisory.id = id;
    } else {
      advisory.aliases.emplace_back(id);
    }
  }
  return advisory;
}

Result<FeedRecord> read_package(const YAML::Node& entry, const std::string& ecosystem) {
  const YAML::Node package = entry["pkg"];
  if (!package || !package.IsMap() || !package["name"] || !package["name"].IsScalar()) {
    return at(entry.Mark(), "want a package with a name");
  }
  const std::string& name = package["name"].Scalar();
  FeedRecord record;
  const YAML::Node fixes = package["secfixes"];
  if (!fixes || !fixes.IsMap()) {
    record.skipped.emplace_back("no fixes");
    return record;
  }
  for (const auto& fix : fixes) {
    const std::string& version = fix.first.Scalar();
    if (!fix.second.IsSequence()) {
      record.skipped.emplace_back("no vulnerabilities");
      continue;
    }
    for (const YAML::Node& ids : fix.second) {
      if (!ids.IsScalar()) return at(ids.Mark(), "want the id of a vulnerability");
      if (version == "0") {  // secdb's way to say so
        record.skipped.emplace_back("never affected");
        continue;
      }
      Advisory advisory = advisory_of(ids.Scalar());
      if (advisory.id.empty()) {
        record.skipped.emplace_back("no id");
        continue;
      }
      advisory.affected.push_back({ecosystem, name, {{"", version, ""}}, {}, Severity::unknown});
      record.advisories.push_back(std::move(advisory));
    }
  }
  return record;
}

}  // namespace

Result<void> parse_alpine_secdb(std::string_view yaml, const RecordSink& sink) {
  try {
    const YAML::Node document = YAML::Load(std::string(yaml));
    if (!document.IsMap() || !document["distroversion"] || !document["packages"]) {
      return Error{Errc::malformed, "no secdb: want a mapping with distroversion and packages"};
    }
    const std::string ecosystem = "Alpine:" + document["distroversion"].Scalar();
    const YAML::Node packages = document["packages"];
    if (!packages.IsSequence() && !packages.IsNull()) return at(packages.Mark(), "want a list of packages");
    for (const YAML::Node& entry : packages) {
      auto record = read_package(entry, ecosystem);
      if (!record) return record.error();
      sink(std::move(*record));
    }
    return {};
  } catch (const YAML::Exception& e) { return at(e.mark, "not YAML: " + e.msg); }
}

}  // namespace initscan
