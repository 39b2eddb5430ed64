#include "initscan/report/meanings.h"

#include "common/text/ascii.h"
#include "initscan/model/verdict.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace initscan {
namespace {

struct VerdictText {
  Outcome outcome;
  std::string_view title, meaning, action;
};

constexpr std::array kVerdicts{
    VerdictText{
        Outcome::pass, "the image may run",
        "Packages were found, all of them were compared with current advisories, and no finding blocks under the "
        "policy. Exit code 0: the pod's own containers start.",
        "Nothing. Read the warnings, if there are any: a stricter policy would deny what they tell."},
    VerdictText{
        Outcome::undecided, "the image could not be judged",
        "Something that a pass needs is missing, and the policy denies that. Exit code 1: the pod does not start. "
        "It says nothing about whether the image is vulnerable.",
        "Look up the id of each reason: `initscan help ID`."},
    VerdictText{
        Outcome::fail, "the image has findings that block",
        "At least one finding is as severe as the policy's failOn, or worse. Exit code 2: the pod does not start.",
        "Rebuild the image with the fixed versions, which the column FIXED IN and the message name. Where there "
        "is a good reason to run it all the same, accept single findings with a ScanExemption or an entry under "
        "`ignore`, which ends on a date."},
};

struct StatusText {
  Status status;
  std::string_view title, meaning, action, key;
};

constexpr std::array kStatuses{
    StatusText{
        Status::blocks, "the finding fails the image",
        "The vulnerability is at least as severe as failOn.severity. One without a known severity blocks too, "
        "unless failOn.unknownSeverity is warn; and malware and what is known to be exploited block unless onMalicious "
        "and "
        "onKnownExploited say otherwise. failOn.epss makes likely ones block.",
        "Update the package to the fixed version and rebuild the image. If there is no fixed version, remove the "
        "package, set onlyFixed, or accept the finding for a limited time with an exemption.",
        "failOn"},
    StatusText{Status::below_threshold, "the finding is milder than the policy's threshold",
               "The vulnerability is there, but it is less severe than failOn.severity, or its severity is unknown and "
               "the policy only warns of that; or it is malware, which onMalicious lets through.",
               "Nothing has to be done. Update the package with the next build of the image.", "failOn"},
    StatusText{Status::no_fix, "there is no fixed version, and the policy asks for fixable findings only",
               "The vulnerability is there, no release of the package repairs it, and the policy sets onlyFixed.",
               "Nothing can be updated yet. If the risk is too high, remove the package, or set onlyFixed to false.",
               "onlyFixed"},
    StatusText{
        Status::exempted, "an exemption accepts the finding",
        "A ScanExemption, or an entry under `ignore`, accepts it until the date that the report shows together with "
        "the reason.",
        "Update the package before the exemption ends: from that moment on the finding blocks again.", "ignore"},
};

struct ReasonText {
  ReasonId id;
  std::string_view key, title, meaning, action;
};

constexpr std::array kReasonTexts{
    ReasonText{ReasonId::nothing_found, "onNothingFound", "no package was found in the image",
               "The image holds no package database and nothing else that shows what is in it, so there was nothing to "
               "compare. It may be empty, or hold a single static program.",
               "If the image is meant to be that way, set onNothingFound to warn or allow for its namespace. Otherwise "
               "build it so that its package database stays in it."},
    ReasonText{ReasonId::unmatched, "onUnmatched", "the image has packages that this version cannot match",
               "There are packages of a kind, a distribution or a release that initscan has no matching for: a pacman "
               "database, R packages in an SBOM, a distribution that it does not know. They were not checked.",
               "Use a base image of a distribution that is matched, check those packages with another tool, or set "
               "onUnmatched to warn."},
    ReasonText{
        ReasonId::no_data, "onNoData", "the index has no advisories for the image's release",
        "The packages are of a distribution or release for which the advisory index holds nothing, so they were "
        "not checked.",
        "Build the index with a feed for that release (initscan db build), and see with `initscan db info` what it "
        "covers."},
    ReasonText{
        ReasonId::not_compared, "onNoData", "no package was compared with an advisory",
        "Packages were found, and for none of them an advisory of its own release was asked. Nothing shows that "
        "the image is clean.",
        "Look at the other reasons of the same image. If there are none, see with `initscan db info` whether the "
        "index covers the image's release."},
    ReasonText{
        ReasonId::stale_data, "onStaleData", "the advisories are old",
        "The newest advisory for the image's distribution is older than the policy's staleAfterDays. "
        "Vulnerabilities found since then are missing from the result.",
        "Renew the index: run `initscan db build` with fresh feeds and roll it out. If that runs on a schedule, find "
        "out why it stopped. A larger staleAfterDays only hides it."},
    ReasonText{
        ReasonId::undated_data, "onStaleData", "the age of the advisories is not known",
        "The feeds in the index give no date, or one that lies in the future, so nobody can tell whether the "
        "advisories are current.",
        "Say when such feeds were fetched: `initscan db build --as-of DATE`. If a date lies in the future, check "
        "the feed and the clock."},
    ReasonText{ReasonId::stale_overlay, "onStaleData", "the overlay is old",
               "What is known to be exploited, how likely that is, or until when releases are supported, comes from an "
               "overlay "
               "that is older than the policy's staleAfterDays, or does not say how old it is. Findings may be worse "
               "than they "
               "look.",
               "Make the overlay again with `initscan db overlay` of fresh sources; say with --as-of when those were "
               "fetched that "
               "give no date."},
    ReasonText{
        ReasonId::epss_missing, "failOn.epss", "the policy asks for EPSS, and there is none",
        "The policy fails on findings by how likely it is that they are exploited (failOn.epss), and nothing told the "
        "scan how likely that is: there is no overlay, or none with EPSS.",
        "Make an overlay with `initscan db overlay --from epss:FILE`, and put it beside the index or name it with "
        "--overlay; or remove failOn.epss."},
    ReasonText{ReasonId::end_of_life, "onEndOfLife", "the release is no longer supported",
               "The distribution has stopped supporting the image's release. New vulnerabilities of its packages are "
               "neither repaired nor announced, so that few findings mean little.",
               "Rebuild the image on a release that is supported."},
    ReasonText{
        ReasonId::unreadable, "onUnreadable", "some files could not be read",
        "Folders or files of the image were closed to the user that the collector runs as. What they hold was not "
        "seen.",
        "Find out what they are. If package databases are readable by everybody, as they are in all common images, "
        "a warning is enough; otherwise mend the permissions in the image."},
    ReasonText{
        ReasonId::coverage_unknown, "onUnreadable", "the SBOM does not say what its writer saw",
        "The SBOM was written by another tool, which does not state what it could not read. It may be incomplete "
        "without saying so.",
        "Let initscan collect the image itself, or accept SBOMs of that tool with onUnreadable: warn."},
    ReasonText{
        ReasonId::incomplete, "onIncomplete", "the package database or the SBOM is not whole",
        "What says which packages are installed is damaged, empty, contradicts itself, or is gone although traces "
        "of it remain; or an SBOM has parts that cannot be used. The sentence names the file and what is wrong.",
        "Rebuild the image without steps that delete or edit package databases. If it comes from somebody else, ask "
        "them, or do not run it: this is also what an image looks like that hides what is in it."},
    ReasonText{ReasonId::walk_limit, "onIncomplete", "the image has more files than are looked at",
               "The walk over the image met a limit, in the number of entries or in depth, and ended there. What lies "
               "beyond was not seen.",
               "Remove what need not be in the image: caches, sources, data. Data belongs into a volume."},
    ReasonText{
        ReasonId::release_contradiction, "onIncomplete", "os-release and the packages name different releases",
        "The image's os-release names one release, and its packages are of another. Advisories of the wrong release "
        "would have been asked.",
        "Build the image from one release, and leave os-release as the distribution wrote it."},
    ReasonText{
        ReasonId::not_comparable, "onIncomplete", "a version could not be compared",
        "For a vulnerability of an installed package, the advisory's version and the installed one cannot be put in "
        "order, so that nobody can tell whether the package is affected.",
        "Look the vulnerability up by hand. If the package does not have it, accept it with an exemption; if the "
        "version is the advisory's mistake, report it to the feed."},
    ReasonText{
        ReasonId::match_limit, "onIncomplete", "matching was ended because it took too long",
        "Comparing the packages with the advisories took more steps than any real image needs. The packages that "
        "were left were not checked.",
        "Look at the image: a database with thousands of invented packages or versions does this."},
    ReasonText{
        ReasonId::server_unreachable, "onUnavailable", "the server that was to match could not be reached",
        "The server that --server names did not answer in time, is not there, or cannot show with a certificate that "
        "it "
        "is the right one. Nobody compared the packages with advisories. A pass that names this is one because the "
        "policy says allow.",
        "Read the sentence beside the id. See whether the server runs (its /readyz), whether a NetworkPolicy or a "
        "proxy "
        "lies between, and whether --server-ca names the CA of its certificate. With onUnavailable: local and an index "
        "(--db), scans do not depend on it."},
    ReasonText{
        ReasonId::server_refused, "onUnavailable", "the server that was to match refused to",
        "The server answered with an error, which the sentence quotes: it does not know the token, has no index, is "
        "too "
        "busy, or does not take the SBOM. Nobody compared the packages with advisories. A pass that names this is one "
        "because the policy says allow.",
        "HTTP 401 and 403: see that --server-token names a token that the server knows, with the scope scan. 413: the "
        "SBOM is too large for it; use an index of your own. 429 and 503: see the server's log and its /readyz."},
    ReasonText{
        ReasonId::server_answer, "onUnavailable", "the answer of the server that was to match makes no sense",
        "What came back is too large, not what a server of initscan says, or about other packages than those that were "
        "sent. Nothing of it was used. A pass that names this is one because the policy says allow.",
        "Check that --server names initscan-server itself, that nothing between changes what it says, and that the "
        "server "
        "is of the same release as the scanner."},
    ReasonText{
        ReasonId::server_stale, "onUnavailable", "the server matches with old advisories",
        "The newest advisory that the server knows for the image is older than the policy's staleAfterDays, or nobody "
        "knows how old it is. Its findings count; that there are no others does not. A pass that names this is one "
        "because the policy says allow.",
        "Renew the server's index: run `initscan db build` with fresh feeds. With onStaleData: allow the age does not "
        "matter."},
    ReasonText{
        ReasonId::server_replaced, "onUnavailable", "the local index was asked instead of the server",
        "The server could not match, or matches with old advisories, and the policy says onUnavailable: local. The "
        "verdict comes from the index that --db names. Only a warning.",
        "See why the server was not available: the sentence says it. How old the local index may be, onStaleData "
        "says."},
    ReasonText{
        ReasonId::image_unreadable, "", "the image could not be read",
        "The folder that should hold the image's root is missing or cannot be opened. Nothing is known of the "
        "image.",
        "Read the sentence beside the id. On the command line, check the path. In a pod, see with `kubectl describe "
        "pod` "
        "whether the image's volume was mounted."},
    ReasonText{
        ReasonId::reader_failed, "", "the process that reads the image failed",
        "The scanner reads an image in a process of its own that can do nothing else. It was ended, took too long, or "
        "gave no answer that makes sense. Nothing is known of the image.",
        "Signal 31 means that it did what a scan never does: treat the image as hostile. Signal 9 is mostly the "
        "container's memory limit: raise it. Where it takes too long, see how fast the node's disk is."},
    ReasonText{
        ReasonId::sbom_unreadable, "", "the SBOM could not be read",
        "The file is missing, too large, or not a CycloneDX document in JSON.",
        "On the command line, check the path and the format. In a pod, read the log of the collector that should "
        "have written it."},
    ReasonText{
        ReasonId::seal_missing, "", "the SBOM has no seal",
        "The gate was told to accept sealed SBOMs only, and the seal beside this one is missing or cannot be read. "
        "Something other than initscan's collector may have written it.",
        "Check that all of initscan's containers in the pod are of one release. If they are, find out what else "
        "writes to the volume: treat the image as suspicious."},
    ReasonText{ReasonId::seal_wrong, "", "the SBOM's seal is not right",
               "The SBOM is not what initscan's collector wrote in this pod: it was changed afterwards, written by "
               "something else, or sealed in an earlier run.",
               "Replace the pod. If it happens again, something in the pod tampers with the result: treat the image as "
               "suspicious."},
    ReasonText{ReasonId::no_image, "", "no image was scanned", "The scan ended without having looked at an image.",
               "Give it at least one image."},
    ReasonText{
        ReasonId::policy_unreadable, "", "the policy could not be read",
        "The policy file is missing or has a mistake, or the policy that the pod carries does not have the SHA-256 "
        "that it should have. Without a policy nothing is judged.",
        "Check the file with `initscan policy FILE`, which names the line. In a pod, replace the pod: it gets the "
        "policy that holds now."},
    ReasonText{ReasonId::index_unreadable, "", "the advisory index could not be read",
               "The index is missing, damaged, or was made by a version with another format.",
               "Name it with --db, check it with `initscan db info FILE`, or make it anew with `initscan db build`."},
    ReasonText{
        ReasonId::overlay_unreadable, "", "the overlay could not be read",
        "The overlay, which says what is known to be exploited, is damaged, was made by a version with another format, "
        "or "
        "was named with --overlay and is not there.",
        "Check it with `initscan db info FILE`, or make it anew with `initscan db overlay`. Without --overlay, a file "
        "that is not there is no overlay."},
    ReasonText{
        ReasonId::nonce_unreadable, "", "the secret for seals could not be read",
        "The file that --seal names is missing or does not hold what `initscan install --seal` writes, so no seal "
        "could be checked.",
        "In a pod, check that initscan's first container has ended well and that the volume of the seal is mounted in "
        "it and in the gate; then replace the pod."},
    ReasonText{
        ReasonId::not_confined, "", "the process could not confine itself",
        "Before it reads an image, initscan gives up the right to write files and to use the network. The kernel or "
        "a seccomp profile of the container refused that, and initscan reads no image unconfined.",
        "Run it with the seccomp profile RuntimeDefault and on a kernel with seccomp filters."},
    ReasonText{
        ReasonId::output_failed, "", "the report could not be written",
        "The image was judged, but the report did not reach standard output. Without it the verdict does not count.",
        "Check where the output goes: a full disk, or a pipe whose reader is gone."},
    ReasonText{ReasonId::internal_error, "", "initscan itself failed",
               "Memory ran out, or initscan met a fault of its own. The scan ended without a verdict.",
               "Give the container more memory if the sentence says bad_alloc. Otherwise report the sentence, and the "
               "image if you may, to the maintainers of initscan."},
    ReasonText{ReasonId::malicious, "onMalicious", "malware that the policy lets through",
               "An advisory says that a package of the image is malware: somebody made or changed it to do harm. The "
               "policy's onMalicious is warn, so that it does not block.",
               "Remove the package, rebuild the image, and look into what has run with it. Set onMalicious to deny; "
               "accept what is known to be harmless with an exemption."},
    ReasonText{ReasonId::known_exploited, "onKnownExploited", "exploited vulnerabilities that the policy lets through",
               "Vulnerabilities of the image are known to be exploited, by CISA's catalogue. The policy's "
               "onKnownExploited is warn, and they block by nothing else.",
               "Update the packages soon. Set onKnownExploited to deny; accept single findings with an exemption."},
    ReasonText{ReasonId::doubt_accepted, "ignore", "an exemption accepts what could not be decided",
               "For a vulnerability nobody can tell whether the package has it, and an exemption accepts it. Only a "
               "warning.",
               "Look at the vulnerability again before the exemption ends."},
    ReasonText{ReasonId::exemption_expired, "ignore", "an exemption has ended",
               "An exemption of the policy is past its end and no longer accepts anything. Only a warning.",
               "Remove it, or renew it if its reason still holds."},
    ReasonText{
        ReasonId::exemption_unused, "ignore", "an exemption matched nothing",
        "An exemption of the policy holds and accepted nothing in these images. Only a note: other images may need "
        "it.",
        "Check the spelling of its id and package. Remove it when no image needs it any more."},
};

// Every enumerator has its row, in its place: one that is added does not compile without a text.
template <class Row, std::size_t n, class Enum>
constexpr bool has_all(const std::array<Row, n>& rows, Enum Row::*member, Enum last) {
  if (n != static_cast<std::size_t>(last) + 1) return false;
  for (std::size_t i = 0; i < n; ++i) {
    if (static_cast<std::size_t>(rows[i].*member) != i) return false;
  }
  return true;
}
static_assert(has_all(kVerdicts, &VerdictText::outcome, Outcome::fail));
static_assert(has_all(kStatuses, &StatusText::status, Status::exempted));
static_assert(has_all(kReasonTexts, &ReasonText::id, ReasonId::exemption_unused));

std::vector<Meaning> gather() {
  std::vector<Meaning> all;
  all.reserve(std::size(kVerdicts) + std::size(kStatuses) + std::size(kReasonTexts));
  for (const VerdictText& v : kVerdicts) {
    all.push_back({MeaningKind::verdict, to_string(v.outcome), v.title, v.meaning, v.action, {}});
  }
  for (const StatusText& s : kStatuses) {
    all.push_back({MeaningKind::status, to_string(s.status), s.title, s.meaning, s.action, s.key});
  }
  for (const ReasonText& r : kReasonTexts) {
    all.push_back({MeaningKind::reason, to_string(r.id), r.title, r.meaning, r.action, r.key, r.id});
  }
  return all;
}

constexpr std::size_t kMaxWordBytes = 64;  // of what is compared: longer ones are no misspelt ids

// Levenshtein's.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// "Nothing_Found", "nothingFound" and "nothing-found" are one.
std::string plain(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (is_alphanumeric(c)) letters += to_lower(c);
  }
  return letters;
}

// The less the nearer; nullopt where nobody could have meant it.
std::optional<std::size_t> far_from(const std::string& word, const Meaning& meaning) {
  constexpr std::size_t kMinPart = 4;  // letters that say something
  const std::string id = plain(meaning.id);
  const std::size_t edits = distance(word, id);
  if (edits <= 1 + id.size() / 5) return edits;
  if (!meaning.key.empty() && word == plain(meaning.key)) return 4;
  const bool is_part = word.size() >= kMinPart && (id.find(word) != id.npos || word.find(id) != word.npos);
  return is_part ? std::optional<std::size_t>(5) : std::nullopt;
}

}  // namespace

const std::vector<Meaning>& all_meanings() {
  static const std::vector<Meaning> all = gather();
  return all;
}

const Meaning* meaning_of(std::string_view id) {
  const auto& all = all_meanings();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Meaning& meaning) { return meaning.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string_view> ids_near(std::string_view word) {
  if (word.size() > kMaxWordBytes) return {};
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const Meaning& meaning : all_meanings()) {
    if (const auto far = far_from(plain(word), meaning)) near.emplace_back(*far, meaning.id);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> ids;
  ids.reserve(near.size());
  for (const auto& [far, id] : near) ids.push_back(id);
  return ids;
}

}  // namespace initscan
