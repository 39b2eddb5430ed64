#pragma once

#include "common/result.h"
#include "initscan/model/severity.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace initscan::server {

class Database;

inline constexpr std::size_t kMaxStoredSbomBytes = 16 << 20;                        // of one document, unpacked
inline constexpr std::size_t kMaxPage = 500;                                        // rows of one answer
inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();  // as much as there is room for

// What somebody says that a scan of an image came to. It clears nothing: a token proves who says it.
struct Report {
  std::string cluster;
  std::string digest;      // the image's, as registries write it: "sha256:..."
  std::string reference;   // what the pod calls the image
  std::string namespace_;  // this and the next three of the token; "" outside of a cluster
  std::string pod;
  std::string pod_uid;
  std::string node;
  std::string workload_kind;  // what the cluster says that the pod belongs to: "Deployment"; "" where nobody knows
  std::string workload;       // its name
  std::string reporter;       // the token's name, or its user
  std::string verdict;        // pass, undecided or fail
  FindingCounts counts;
  std::string data_date;  // of the advisories, RFC 3339, or ""
  std::string policy_sha256;
  std::optional<std::string> sbom_sha256;  // hexadecimal
  std::string verdict_sha256;              // of the whole document; the same report twice is one
  std::chrono::sys_seconds received_at;

  bool operator==(const Report&) const = default;
};

// What of a package can be searched for.
struct StoredPackage {
  std::string type;  // as purls write it
  std::string name;
  std::string version;
  std::string source;        // the name of its source package
  std::string short_name{};  // without the name of whose it is; "" where that is the same

  bool operator==(const StoredPackage&) const = default;
};

// A document that reports refer to, and what it lists.
struct StoredSbom {
  std::string sha256;
  std::size_t bytes = 0;
  std::string packed;
  std::vector<StoredPackage> packages{};
  bool is_whole = false;  // whether these are all that it lists
};

// How many bytes reports may take: see charge().
struct StoreRoom {
  std::int64_t share = kNoLimit;  // those from one namespace, or of one client outside of a cluster
  std::int64_t whole = kNoLimit;  // all of them
};

/// Adds a report with its image and its SBOM, each of which may be there already; false: the report was, and nothing
/// has been said of the image since. One that was there before others, or without its SBOM or its workload, is there
/// once: as of now. In a transaction. Errors: over_limit - what was reported from its namespace, or by its client
/// outside of a cluster, would take more than `room` leaves it; as of Database::execute().
Result<bool> add_report(Database& database, const Report& report, const std::optional<StoredSbom>& sbom,
                        const StoreRoom& room = {});

// What of the store somebody may see.
struct View {
  std::string cluster;
  std::string namespace_;  // from which it was reported; "": from any
};

/// The newest reports on an image first, at most `most`, those older than the report `before` where it is not 0.
struct NumberedReport {
  std::int64_t id = 0;
  Report report;
};
Result<std::vector<NumberedReport>> reports_of_image(Database& database, const View& view, const std::string& digest,
                                                     std::int64_t before, std::size_t most);

// An image with what its newest report says.
struct ImageRow {
  std::string digest;
  std::string reference;
  std::chrono::sys_seconds first_seen;
  std::chrono::sys_seconds last_seen;
  std::string verdict;
  FindingCounts counts;

  bool operator==(const ImageRow&) const = default;
};

/// By digest, at most `most`, those behind the digest `after`.
Result<std::vector<ImageRow>> images(Database& database, const View& view, const std::string& after, std::size_t most);

/// The document that the newest report on an image that has one refers to; nullopt: there is none.
/// Of one of more than `most` bytes there is no text. Errors: as of Database::execute(); malformed - what is stored is
/// damaged.
struct SbomDocument {
  std::string sha256;
  std::optional<std::string> text;
};
Result<std::optional<SbomDocument>> sbom_of_image(Database& database, const View& view, const std::string& digest,
                                                  std::size_t most = kMaxStoredSbomBytes);

}  // namespace initscan::server
