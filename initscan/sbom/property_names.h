#pragma once

#include <string_view>

namespace initscan {

// CycloneDX properties by which an Sbom survives the way from the collector to the gate.
inline constexpr std::string_view kOwnPrefix = "initscan:";
inline constexpr std::string_view kFilesSeen = "initscan:coverage:filesSeen";
inline constexpr std::string_view kUnreadable = "initscan:coverage:unreadable";
inline constexpr std::string_view kOtherMounts = "initscan:coverage:otherMounts";
inline constexpr std::string_view kUnsupported = "initscan:coverage:unsupported";
inline constexpr std::string_view kTruncated = "initscan:coverage:truncated";
inline constexpr std::string_view kIncomplete = "initscan:coverage:incomplete";  // once for each sentence
inline constexpr std::string_view kUnmatched = "initscan:coverage:unmatched";    // once for each sentence

// Of a report (--format cyclonedx), which says them of its images by their numbers.
inline constexpr std::string_view kVerdict = "initscan:verdict";
inline constexpr std::string_view kPolicy = "initscan:policy";
inline constexpr std::string_view kAdvisoriesDate = "initscan:advisories:date";
inline constexpr std::string_view kReportedImage = "initscan:image:";
inline constexpr std::string_view kUndecided = "initscan:undecided:";
inline constexpr std::string_view kWarning = "initscan:warning:";
inline constexpr std::string_view kFindings = "initscan:findings:";

inline constexpr std::string_view kConfinement = "initscan:confinement";
inline constexpr std::string_view kCodename = "initscan:os:codename";
inline constexpr std::string_view kSourceName = "initscan:source:name";
inline constexpr std::string_view kSourceVersion = "initscan:source:version";
inline constexpr std::string_view kPath = "initscan:path";

}  // namespace initscan
