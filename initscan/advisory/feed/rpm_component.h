#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// A build of an rpm package, or the package in all versions, as feeds name it.
struct RpmComponent {
  std::string name;
  std::string version;              // "EPOCH:VERSION-RELEASE", the epoch where it is given; "": no version is meant
  std::string architecture;         // "src" of a source package; "" where none is given
  std::string module;               // "nodejs:16"
  bool has_unclear_module = false;  // a module is given and its stream is not

  bool operator==(const RpmComponent&) const = default;
};

/// "pkg:rpm/redhat/nodejs@16.17.1-1.module%2Bel8?arch=x86_64&epoch=1&rpmmod=nodejs:16:8060020220930:ad008a3a".
/// nullopt for purls of another type, without a name, or with a bad escape.
/// Source: github.com/package-url/purl-spec, type rpm; `rpmmod` is Red Hat's, NAME:STREAM[:VERSION:CONTEXT].
std::optional<RpmComponent> rpm_of_purl(std::string_view purl);

/// "telnet-1:0.17-65.el7_6.x86_64": NAME-[EPOCH:]VERSION-RELEASE.ARCH. nullopt where it is not of that form.
std::optional<RpmComponent> rpm_of_nevra(std::string_view nevra);

}  // namespace initscan
