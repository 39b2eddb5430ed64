#pragma once

#include "common/result.h"
#include "initscan/model/advisory.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What a parser makes of one record of a feed: an OSV document, a package of a secdb, a DSA or DLA.
struct FeedRecord {
  // Of several records of a feed's kind with one id the one that was modified last is the record; "": always counts.
  std::string id;
  std::string modified;  // RFC 3339, "" where the feed does not say
  bool withdrawn = false;

  // An announcement that repairs what an earlier one of its series broke ("DLA-1-2" after "DLA-1-1").
  bool regression_update = false;

  std::vector<Advisory> advisories;

  // A reason for each statement that says nothing which could be indexed: "not affected".
  std::vector<std::string> skipped;

  // The same for what only is less than it could be: a severity that is not understood.
  std::vector<std::string> notes;
};

/// Whether the heading of an announcement says that it repairs an earlier repair.
bool is_regression_update(std::string_view summary);

inline constexpr std::size_t kMaxSummaryBytes = 300;

/// The first line of a text, at most kMaxSummaryBytes of it, and no half of a character.
std::string first_line(std::string_view text);

using RecordSink = std::function<void(FeedRecord&&)>;

/// OSV: documents in JSON, an array of them, or YAML. Source: ossf.github.io/osv-schema, 1.7.
Result<void> parse_osv(std::string_view text, const RecordSink& sink);

/// A secdb of Alpine, Wolfi or Chainguard: a document for each release and repository, in YAML (JSON is YAML, too).
Result<void> parse_alpine_secdb(std::string_view yaml, const RecordSink& sink);

/// The Debian security tracker's lists: CVE/list, DSA/list and DLA/list. What is said of unstable yields to what a list
/// says of a release itself, so that they belong together.
/// Source: salsa.debian.org/security-tracker-team/security-tracker, doc/security-team.d.o.
/// Errors, with the line: malformed; over_limit.
Result<void> parse_debian_tracker(std::string_view text, const RecordSink& sink);

/// The two kinds of them by themselves: of vulnerabilities, and of announcements.
Result<void> parse_debian_cve_list(std::string_view text, const RecordSink& sink);
Result<void> parse_debian_list(std::string_view text, const RecordSink& sink);

/// The Debian security tracker's JSON, which has everything that its lists have, put together: a record for each
/// vulnerability of each package.
/// Source: security-tracker.debian.org/tracker/data/json; its meaning: lib/python/security_db.py of the tracker.
/// Errors, with package and vulnerability: malformed; over_limit.
Result<void> parse_debian_json(std::string_view json, const RecordSink& sink);

/// A file of the Ubuntu CVE tracker, active/CVE-2024-1: what is said of each package in each release, in the ordinary
/// archive and in those of Pro. Source: git.launchpad.net/ubuntu-cve-tracker, README.
/// Errors, with the line: malformed; over_limit.
Result<void> parse_ubuntu_tracker(std::string_view text, const RecordSink& sink);

/// Red Hat's VEX documents and advisories in CSAF 2.0: what is said of a component of a product, by the product's CPE.
/// Statements about container images, and about components that no package is told to be, are counted. A document may
/// have 100 MB: it is read from front to back, and what is kept of it are names.
/// Source: docs.oasis-open.org/csaf/csaf/v2.0; redhatproductsecurity.github.io/security-data-guidelines.
/// Errors, with the field: malformed; unsupported - of another category; over_limit.
Result<void> parse_redhat_csaf(std::string_view json, const RecordSink& sink);

/// A vulnerability as Red Hat's security data API tells it: fixes by source package, and states of what has none.
/// Source: docs.redhat.com, "Red Hat Security Data API", CVE.
/// Errors: malformed.
Result<void> parse_redhat_cve(std::string_view json, const RecordSink& sink);

/// OVAL as Oracle, SUSE and Azure Linux publish it. What stands in a condition that is not understood leaves its
/// package undecided. Source: linux.oracle.com/security/oval; ftp.suse.com/pub/projects/security/oval;
/// github.com/microsoft/AzureLinuxVulnerabilityData.
/// Errors, with line and definition: malformed; over_limit.
Result<void> parse_oracle_oval(std::string_view xml, const RecordSink& sink);
Result<void> parse_suse_oval(std::string_view xml, const RecordSink& sink);
Result<void> parse_azure_linux_oval(std::string_view xml, const RecordSink& sink);

/// A repository's updateinfo.xml, for distributions whose builds say their release: Amazon Linux, Fedora.
/// Source: docs.aws.amazon.com/linux, "repomd"; github.com/rpm-software-management/createrepo_c.
/// Errors, with line and update: malformed; over_limit.
Result<void> parse_updateinfo(std::string_view xml, const RecordSink& sink);

/// A page of the Amazon Linux security center, for who has the pages and no repository. Source: alas.aws.amazon.com.
/// Errors: malformed - no advisory, or one without builds; over_limit.
Result<void> parse_amazon_page(std::string_view html, const RecordSink& sink);

/// RustSec: an advisory as Markdown with TOML before it. Source: github.com/rustsec/advisory-db, EXAMPLE_ADVISORY.md.
/// Errors: malformed, with the line or the field; over_limit.
Result<void> parse_rustsec(std::string_view markdown, const RecordSink& sink);

/// Photon OS's cve_data_photon*.json. Source: packages.vmware.com/photon/photon_cve_metadata.
/// Errors, with the place in the list: malformed.
Result<void> parse_photon(std::string_view json, const RecordSink& sink);

// The kinds of feeds by the names that `db build --from KIND:PATH` takes.
struct FeedFormat {
  std::string_view kind;                        // "osv"
  std::string_view wants;                       // for people: "*.json"
  bool (*is_feed_file)(std::string_view path);  // which files of a folder or an archive belong to it
  Result<void> (*parse)(std::string_view text, const RecordSink& sink);
};

const std::vector<FeedFormat>& feed_formats();

}  // namespace initscan
