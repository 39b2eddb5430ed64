#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string page(const std::string& severity, const std::string& references, const std::string& builds) {
  return "<html><title>ALAS-2018-939</title><span><b>Amazon Linux 2 Security Advisory:</b> ALAS-2018-939</span><br />"
         "<b>Advisory Release Date:</b> 2018-01-11 21:05 Pacific<br /><b>Advisory Updated Date:</b> 2018-01-16<br/>"
         "<div><b>Severity:</b> <i class='x'></i>\n " +
         severity + "<br /></div>\n<b>References:</b><br/>" + references +
         "<div><b>Issue Overview:</b><p>kernel-1-1.amzn2.x86_64 is no build</p></div>"
         "<div id='new_packages'><b>New Packages:</b><pre>" +
         builds + "</pre></div><h3>Additional References</h3><a>CVE-2000-1</a>";
}

const std::string kCve = "<a href='/cve'>CVE-2017-5715&nbsp;</a><br />";

FeedRecord one(const std::string& html) {
  Parsed result = parsed(parse_amazon_page, html);
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

TEST(AmazonPage, ReadsAnAdvisory) {
  const FeedRecord record = one(page("Important", kCve,
                                     "src:<br />&nbsp;&nbsp; kernel-4.9-38.amzn2.src<br /><br />x86_64:<br />"
                                     "&nbsp; kernel-4.9-38.amzn2.x86_64<br />&nbsp; kernel-devel-4.9-38.amzn2.x86_64"));
  EXPECT_EQ(record.id, "Amazon Linux 2 ALAS-2018-939");
  EXPECT_EQ(record.modified, "2018-01-16T00:00:00Z");
  Advisory want;
  want.id = "ALAS-2018-939";
  want.upstream = {"CVE-2017-5715"};
  want.severity = Severity::high;
  want.published = "2018-01-11T00:00:00Z";
  AffectedPackage devel{"Amazon:2", "kernel-devel", {{"", "4.9-38.amzn2", ""}}};
  devel.scope.architectures = {"x86_64"};
  want.affected = {{"Amazon:2", "kernel", {{"", "4.9-38.amzn2", ""}}}, devel};
  EXPECT_EQ(record.advisories, std::vector<Advisory>{want});
  EXPECT_EQ(record.skipped, std::vector<std::string>{"one more architecture of a package"});
}

TEST(AmazonPage, CountsWhatSaysNothing) {
  EXPECT_EQ(one(page("Low", "", "kernel-4.9-38.amzn2.x86_64")).skipped,
            std::vector<std::string>{"an update that fixes no vulnerability"});
  EXPECT_EQ(one(page("Low", kCve, "kernel-4.9-38.el7.x86_64<br/>rubbish")).skipped,
            std::vector<std::string>(2, "a build for no release that is known"));
}

TEST(AmazonPage, RejectsWhatIsNone) {
  EXPECT_EQ(parsed(parse_amazon_page, "<html>not found</html>").error,
            "want a heading such as \"Security Advisory: ALAS-2023-1\"");
  EXPECT_EQ(parsed(parse_amazon_page, page("Low", kCve, "")).error, "ALAS-2018-939: New Packages: want builds");
  EXPECT_EQ(parsed(parse_amazon_page, "<").error, "want a heading such as \"Security Advisory: ALAS-2023-1\"");
}

}  // namespace
}  // namespace initscan
