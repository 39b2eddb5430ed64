"""One table says which ecosystems there are: a new one is a row of it, an order of its versions, and an analyzer if images
are searched for it; the others are known from SBOMs of other tools."""

import re
import subprocess

import pytest
from support import PROJECT

TABLE = "initscan/model/ecosystems.cc"
TYPES = "initscan/model/ecosystems.h"
ORDERS = "initscan/version/version.cc"

# Who speaks of an ecosystem by name, and why. No other file may: it would have to be changed for each new one.
NAMED_IN = {
    TABLE: "the table",
    ORDERS: "the orders",
    "initscan/version/apk_version.cc": "an order",
    "initscan/version/composer_range.cc": "ranges of an order",
    "initscan/version/gem_range.cc": "ranges of an order",
    "initscan/version/intervals.cc": "which orders have a next version",
    "initscan/version/npm_range.cc": "ranges of two orders",
    "initscan/version/python_range.cc": "ranges of an order",
    "initscan/version/written_range.cc": "the ranges of all orders",
    "initscan/analyze/analyze_image.cc": "the analyzers, and what package managers leave behind",
    "initscan/analyze/apk_analyzer.cc": "an analyzer",
    "initscan/analyze/apk_db.cc": "an analyzer",
    "initscan/analyze/dpkg_analyzer.cc": "an analyzer",
    "initscan/analyze/dpkg_status.cc": "an analyzer",
    "initscan/analyze/foreign_databases.cc": "databases that are known and not read",
    "initscan/analyze/rpm_analyzer.cc": "an analyzer",
    "initscan/analyze/rpm_bdb.cc": "a database of an analyzer",
    "initscan/analyze/rpm_ndb.cc": "a database of an analyzer",
    "initscan/analyze/rpm_package.cc": "an analyzer",
    "audit/check/secret_text.cc": "the tokens of registries",
    "initscan/advisory/feed/alpine_secdb.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/azure_linux_oval.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/cargo_ranges.cc": "ranges as one ecosystem writes them",
    "initscan/advisory/feed/debian_cve_list.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/debian_json.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/debian_list.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/oracle_oval.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/redhat_release.cc": "how a vendor's products are called",
    "initscan/advisory/feed/rpm_component.cc": "a type of purls, which feeds of one vendor use",
    "initscan/advisory/feed/rpm_release.cc": "marks in builds, which say the release and nothing else does",
    "initscan/advisory/feed/rustsec.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/suse_oval.cc": "a feed, of one ecosystem",
    "initscan/advisory/feed/ubuntu_tracker.cc": "a feed, of one ecosystem",
    "audit/harden/known_programs_table.cc": "who built an image of a program, for people",
}

COMMENT = re.compile(r"//[^\n]*")
ENUMERATOR = re.compile(r"\b(?:PackageType|VersionOrder)::(\w+)")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def code_of(path):
    return COMMENT.sub("", (PROJECT / path).read_text())


def names_in_table():
    table = code_of(TABLE)
    names = set(re.findall(r'\.(?:purl_type|manager|osv_name|id) = "([^"]+)"', table))
    assert {"deb", "dpkg", "apk", "debian", "Debian", "alpine", "Alpine", "ubuntu"} <= names, names
    return names


def feeds():
    kinds = re.findall(r'\{"([a-z-]+)", "', code_of("initscan/advisory/feed/feed.cc"))
    assert len(kinds) > 2
    return kinds


def test_no_file_but_the_table_its_orders_analyzers_and_feeds_names_an_ecosystem():
    # "Go on" names no ecosystem: where a name is also a word, only a text that is nothing else does.
    ordinary = names_in_table() & {"Go", "go", "gem", "hex", "pub", "cargo", "composer", "oracle", "photon"}
    word = re.compile(r"(?<![\w/.-])(?:" + "|".join(sorted(names_in_table() - ordinary)) + r")(?![\w-])|"
                      r"^(?:" + "|".join(sorted(ordinary)) + ")$")
    named = set()
    for program in ("common", "initscan", "injector", "audit", "server"):
        for path in sorted((PROJECT / program).rglob("*.[hc]*")):
            if path.suffix not in (".h", ".cc"):
                continue
            place = path.relative_to(PROJECT).as_posix()
            code = code_of(place)
            texts = LITERAL.findall(code)
            if set(ENUMERATOR.findall(code)) - {"unknown"} or any(word.search(text) for text in texts):
                named.add(place)
    assert named - set(NAMED_IN) == set(), "read the table instead"
    assert set(NAMED_IN) - named == set(), "these no longer do"


# What a third ecosystem takes beside its analyzer, in the three files that have to know of it.
ROW = """    Ecosystem{.type = PackageType::toy,
              .purl_type = "toy",
              .manager = "toy",
              .sources = SourceRule::none,
              .orders = kToyOrders,
              .osv_name = "Toys"},
"""


def edit(folder, place, *changes):
    text = (PROJECT / place).read_text()
    for old, new in changes:
        assert text.count(old) == 1, f"{place}: {old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def add_toys(folder, row=ROW):
    edit(folder, TYPES,
         ("enum class PackageType : std::uint8_t {\n  unknown,\n", "enum class PackageType : std::uint8_t {\n  unknown,\n  toy,\n"),
         ("enum class VersionOrder : std::uint8_t {\n", "enum class VersionOrder : std::uint8_t {\n  toy,\n"))
    edit(folder, TABLE,
         ("constexpr std::array kEcosystems = {\n",
          "constexpr std::array kToyOrders = {DatedOrder{VersionOrder::toy}};\n"
          "constexpr std::array kEcosystems = {\n" + row))


def add_order(folder):
    edit(folder, ORDERS,
         ("    case VersionOrder::deb: return compare_deb_versions(a, b);\n",
          "    case VersionOrder::deb: return compare_deb_versions(a, b);\n"
          "    case VersionOrder::toy: return int(a.size()) - int(b.size());  // the longer is the newer\n"),
         ("    case VersionOrder::deb: return is_deb_version(text);\n",
          "    case VersionOrder::deb: return is_deb_version(text);\n"
          "    case VersionOrder::toy: return text.find_first_not_of('i') == text.npos;\n"))


def compiler(folder, *arguments):
    return subprocess.run(["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{folder}", f"-I{PROJECT}", *arguments],
                          cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("without, complaint", [
    ("              .orders = kToyOrders,\n", "an ecosystem without an order of its versions"),
    ('              .purl_type = "toy",\n', "missing initializer for member ‘initscan::Ecosystem::purl_type’"),
    ("    Ecosystem{.type = PackageType::toy,", "a kind of packages that has no name, or stands in two rows"),
])
def test_a_row_that_lacks_what_it_needs_does_not_compile(tmp_path, without, complaint):
    row = ROW.replace(without, "    Ecosystem{" if "Ecosystem" in without else "")
    assert row != ROW
    add_toys(tmp_path, row)
    run = compiler(tmp_path, "-fsyntax-only", "-Wno-error=unused-variable", TABLE)
    assert run.returncode != 0 and complaint in run.stderr, run.stderr


def test_an_order_that_nobody_wrote_does_not_compile(tmp_path):
    add_toys(tmp_path)
    run = compiler(tmp_path, "-fsyntax-only", str(PROJECT / ORDERS))
    assert run.returncode != 0 and "enumeration value" in run.stderr and "toy" in run.stderr, run.stderr


PROGRAM = r"""
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/match/matcher.h"
#include "initscan/sbom/purl.h"

#include <cstdio>

using namespace initscan;

class Toys : public AdvisoryLookup {
 public:
  Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const override {
    return name == "Toys" ? std::optional(Ecosystem{}) : std::nullopt;
  }
  Result<void> for_each(std::string_view name, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    if (name == "Toys" && package == "Top") visit({"", "iiii", "", StatementKind::range, Severity::high});
    return {};
  }
  Result<VulnerabilityDetails> details(std::uint32_t) const override { return VulnerabilityDetails{"CVE-1", {}, "", ""}; }
};

int main() {
  Sbom sbom;
  for (const char* text : {"pkg:toy/Top@iii", "pkg:toy/Top@iiiii", "pkg:toy/Ball@i"}) {
    const auto purl = parse_purl(text);
    sbom.packages.push_back({find_purl_type(purl->type)->type, purl->name, purl->version, "", purl->name, purl->version, ""});
  }
  const auto result = match_sbom(sbom, Toys());
  for (const Finding& f : result->findings) {
    std::printf("%s %s -> %s\n", purl_of(f.package, sbom.os).c_str(), f.id.c_str(), f.fixed.c_str());
  }
  std::printf("%zu checked, %zu unmatched, feed: %s\n", result->checked, result->unmatched.size(),
              matched_ecosystem("Toys") ? "Toys" : "none");
}
"""

NOT_OF_MATCHING = re.compile("local_|remote_|match_answer")  # who asks the matcher, and how answers travel
STAGES = [*(path for room in ("version", "match", "model") for path in sorted((PROJECT / "initscan" / room).glob("*.cc"))
            if path != PROJECT / ORDERS and path != PROJECT / TABLE and not NOT_OF_MATCHING.match(path.name)),
          PROJECT / "initscan/sbom/purl.cc", PROJECT / "initscan/advisory/feed/matched_ecosystem.cc"]


def test_a_new_ecosystem_is_one_row_and_one_order(tmp_path):
    add_toys(tmp_path)
    add_order(tmp_path)
    (tmp_path / "main.cc").write_text(PROGRAM)
    built = compiler(tmp_path, "-o", "toys", "main.cc", TABLE, ORDERS, *(str(stage) for stage in STAGES))
    assert built.returncode == 0, built.stderr
    said = subprocess.run([tmp_path / "toys"], capture_output=True, text=True).stdout
    assert said == "pkg:toy/Top@iii CVE-1 -> iiii\n3 checked, 0 unmatched, feed: Toys\n"
