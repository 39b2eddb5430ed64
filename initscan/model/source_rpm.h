#pragma once

#include <optional>
#include <string_view>

namespace initscan {

// The source that an rpm package was built from.
struct SourceRpm {
  std::string_view name;
  std::string_view version;  // "3.0.7-24.el9": the name of the file has no epoch

  bool operator==(const SourceRpm&) const = default;
};

/// What the name of a source package's file says: "openssl-3.0.7-24.el9.src.rpm". nullopt for what is none. The views
/// are into `file_name`.
/// Source: rpm-software-management/rpm, docs/manual/tags.md, "Sourcerpm".
std::optional<SourceRpm> source_rpm_of(std::string_view file_name);

}  // namespace initscan
