#include "server/store/reports.h"

#include "common/crypto/sha256.h"
#include "server/store/packages.h"
#include "server/store/packed.h"
#include "server/store/places.h"
#include "server/store/shares.h"
#include "tests/unit/server/store/each_store.h"

namespace initscan::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kDigest = "sha256:aaaa";

// Each number another.
FindingCounts counts() {
  FindingCounts made;
  made[Severity::critical] = {12, 1};
  made[Severity::high] = {11, 2};
  made[Severity::medium] = {10, 3};
  made[Severity::low] = {9, 4};
  made[Severity::negligible] = {8, 5};
  made[Severity::unknown] = {7, 6};
  return made;
}

Report report_of(const std::string& digest, std::int64_t at, const std::string& verdict = "pass") {
  Report report;
  report.cluster = "one";
  report.digest = digest;
  report.reference = "registry.example.com/shop:1";
  report.namespace_ = "shop";
  report.pod = "front-1";
  report.pod_uid = "u-1";
  report.node = "n-1";
  report.workload_kind = "Deployment";
  report.workload = "front";
  report.reporter = "system:serviceaccount:shop:default";
  report.verdict = verdict;
  report.counts = counts();
  report.data_date = "2026-11-01T00:00:00Z";
  report.policy_sha256 = "cc";
  report.verdict_sha256 = std::to_string(at);
  report.received_at = std::chrono::sys_seconds(std::chrono::seconds(at));
  return report;
}

StoredSbom sbom_of(const std::string& text) {
  return {sha256_hex(text), text.size(), *pack(text)};
}

class Reports : public EachStore {
 protected:
  bool add(Report report, const std::optional<StoredSbom>& sbom = {}) {
    if (sbom) report.sbom_sha256 = sbom->sha256;
    bool is_new = false;
    const auto done = store_->write([&](Database& database) -> Result<void> {
      auto added = add_report(database, report, sbom);
      if (!added) return added.error();
      is_new = *added;
      return {};
    });
    EXPECT_TRUE(done) << done.error().text;
    return is_new;
  }
};

INSTANTIATE_TEST_SUITE_P(In, Reports, kEachStore, name_of);

TEST_P(Reports, ComeBackAsTheyWereTheNewestFirst) {
  const Report old = report_of(kDigest, 100);
  const Report young = report_of(kDigest, 200, "fail");
  EXPECT_TRUE(add(old));
  EXPECT_TRUE(add(young));
  const auto all = store_->read([](Database& db) { return reports_of_image(db, {"one", ""}, kDigest, 0, 10); });
  ASSERT_TRUE(all);
  ASSERT_THAT(*all, SizeIs(2));
  EXPECT_EQ((*all)[0].report, young);
  EXPECT_EQ((*all)[1].report, old);
  const auto older = store_->read([&](Database& db) {
    return reports_of_image(db, {"one", ""}, kDigest, (*all)[0].id, 10);
  });
  ASSERT_TRUE(older);
  ASSERT_THAT(*older, SizeIs(1));
  EXPECT_EQ((*older)[0].report, old);
}

TEST_P(Reports, TheSameTwiceIsOne) {
  EXPECT_TRUE(add(report_of(kDigest, 100)));
  EXPECT_FALSE(add(report_of(kDigest, 100)));
  EXPECT_EQ(count("SELECT count(*) FROM reports"), 1);
}

TEST_P(Reports, TheSameAgainIsTheNewestWhereAnotherCameBetween) {
  add(report_of(kDigest, 100, "fail"));
  Report other = report_of(kDigest, 200, "pass");
  other.namespace_ = "bank";
  add(other);
  Report again = report_of(kDigest, 100, "fail");
  again.received_at = std::chrono::sys_seconds(std::chrono::seconds(300));
  EXPECT_TRUE(add(again));
  const auto all = store_->read([](Database& db) { return reports_of_image(db, {"one", ""}, kDigest, 0, 10); });
  ASSERT_TRUE(all);
  ASSERT_THAT(*all, SizeIs(2)) << "it is there once";
  EXPECT_EQ((*all)[0].report, again);
  EXPECT_EQ((*all)[1].report, other);
}

TEST_P(Reports, TheSameWithItsSbomIsKeptWithIt) {
  EXPECT_TRUE(add(report_of(kDigest, 100)));
  EXPECT_TRUE(add(report_of(kDigest, 100), sbom_of("{}")));
  EXPECT_FALSE(add(report_of(kDigest, 100), sbom_of("{}")));
  EXPECT_FALSE(add(report_of(kDigest, 100))) << "it says nothing of an SBOM";
  Report elsewhere = report_of(kDigest, 100);
  elsewhere.reference = "registry.example.com/shop:2";
  EXPECT_TRUE(add(elsewhere));
  EXPECT_EQ(count("SELECT count(*) FROM reports"), 1);
  EXPECT_TRUE(*store_->read([](Database& db) { return sbom_of_image(db, {"one", ""}, kDigest); }));
}

TEST_P(Reports, TheSameOfAPodWhoseWorkloadIsKnownByNowIsKeptWithIt) {
  Report unknown = report_of(kDigest, 100);
  unknown.workload_kind = unknown.workload = "";
  EXPECT_TRUE(add(unknown));
  EXPECT_TRUE(add(report_of(kDigest, 100)));
  EXPECT_FALSE(add(report_of(kDigest, 100)));
  EXPECT_FALSE(add(unknown)) << "it says nothing of a workload";
  unknown.reference = "registry.example.com/shop:2";
  EXPECT_TRUE(add(unknown));
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE workload = 'front'"), 1);
}

TEST_P(Reports, AnImageIsInTheWorkloadsWhosePodsReportedIt) {
  const auto add_of = [&](const char* space, const char* kind, const std::string& name, std::int64_t at) {
    Report report = report_of(kDigest, at);
    report.namespace_ = space;
    report.workload_kind = kind;
    report.workload = name;
    add(report);
  };
  add_of("shop", "Deployment", "front", 100);
  add_of("shop", "CronJob", "front", 200);
  add_of("shop", "Deployment", "front", 300);
  add_of("bank", "Deployment", "front", 100);
  add_of("lab", "", "", 100);
  const auto workloads = [&](const View& view) {
    return *store_->read([&](Database& db) { return workloads_of_image(db, view, kDigest); });
  };
  using Named = ImageWorkloads::Named;
  const ImageWorkloads bank{{Named{"Deployment", "front"}}};
  const ImageWorkloads shop{{Named{"Deployment", "front"}, Named{"CronJob", "front"}}};
  EXPECT_THAT(workloads({"one", ""}), ElementsAre(testing::Pair("bank", bank), testing::Pair("shop", shop)));
  EXPECT_THAT(workloads({"one", "bank"}), ElementsAre(testing::Pair("bank", bank)));
  EXPECT_THAT(workloads({"two", ""}), IsEmpty());
  for (int i = 0; i < 25; ++i) add_of("bank", "Pod", std::to_string(i), 400 + i);
  const auto many = workloads({"one", "bank"})["bank"];
  ASSERT_THAT(many.newest, SizeIs(kMaxWorkloads));
  EXPECT_EQ(many.newest[0], (Named{"Pod", "24"}));
  EXPECT_EQ(many.more, 6);
}

TEST_P(Reports, NobodyTakesMoreThanAShare) {
  StoredSbom sbom = sbom_of("{}");
  sbom.packages = {{"deb", "libssl3", "3.0.9-1", "openssl"}};
  const std::int64_t share = 2 * kReportBytes + cost_of("one", sbom);
  const auto refused = [&](Report report, const StoredSbom& with) {
    report.sbom_sha256 = with.sha256;
    const auto done = store_->write([&](Database& database) -> Result<void> {
      const auto added = add_report(database, report, with, StoreRoom{share, kNoLimit});
      return added ? Result<void>() : Result<void>(added.error());
    });
    return done ? std::string() : done.error().text;
  };
  EXPECT_EQ(refused(report_of("sha256:aa", 100), sbom), "");
  EXPECT_EQ(refused(report_of("sha256:aa", 100), sbom), "") << "it is there already";
  EXPECT_EQ(refused(report_of("sha256:bb", 100), sbom), "") << "an SBOM counts once";
  const std::string words = "the reports from shop would take more than their share of the store, which is " +
                            std::to_string(share) + " bytes; see --store-share-mib";
  EXPECT_EQ(refused(report_of("sha256:cc", 100), sbom), words);
  EXPECT_EQ(count("SELECT count(*) FROM reports"), 2) << "nothing of it is kept";
  Report other = report_of("sha256:cc", 100);
  other.namespace_ = "bank";
  EXPECT_EQ(refused(other, sbom), "");
  Report outside = report_of("sha256:cc", 100);
  outside.namespace_ = "";
  for (const char* client : {"ci", "mirror"}) {
    outside.reporter = client;
    EXPECT_EQ(refused(outside, sbom), "") << client;
  }
}

TEST_P(Reports, HoweverManySendThemThereIsRoomForWhoeverComesLast) {
  const StoreRoom room{100 * kReportBytes, 240 * kReportBytes};
  int number = 0;
  const auto fill = [&](const std::string& space) {
    for (int kept = 0;; ++kept) {
      Report report = report_of("sha256:" + std::to_string(++number), 100);
      report.namespace_ = space;
      const auto done = store_->write([&](Database& database) -> Result<void> {
        const auto added = add_report(database, report, {}, room);
        return added ? Result<void>() : Result<void>(added.error());
      });
      if (done) continue;
      EXPECT_EQ(done.error().code, Errc::over_limit) << done.error().text;
      return std::pair(kept, done.error().text);
    }
  };
  EXPECT_EQ(fill("one").first, 100) << "its share";
  EXPECT_EQ(fill("two").first, 70) << "and half of what is left";
  const auto [third, words] = fill("three");
  EXPECT_EQ(third, 35);
  EXPECT_EQ(words, "the reports from three would take " + std::to_string(36 * kReportBytes) +
                       " bytes, more than they would leave for others, which is " + std::to_string(34 * kReportBytes) +
                       "; let the store keep less (--keep-days, --keep-reports) or become larger (--store-max-mib)");
  EXPECT_EQ(fill("four").first, 17);
  EXPECT_EQ(fill("one").first, 0) << "what it has is kept, and no more";
  EXPECT_EQ(count("SELECT count(*) FROM reports"), 222);
  EXPECT_EQ(*store_->read([](Database& database) { return charged(database); }), 222 * kReportBytes);
}

TEST_P(Reports, TheSameOnceMoreNeedsNoRoom) {
  add(report_of(kDigest, 100, "fail"));
  add(report_of(kDigest, 200));
  Report again = report_of(kDigest, 100, "fail");
  again.received_at = std::chrono::sys_seconds(std::chrono::seconds(300));
  const auto done = store_->write([&](Database& database) -> Result<void> {
    const auto added = add_report(database, again, {}, StoreRoom{1, 1});
    return added ? Result<void>() : Result<void>(added.error());
  });
  EXPECT_TRUE(done) << done.error().text;
}

TEST_P(Reports, OfAnotherClusterAreNotSeen) {
  Report other = report_of(kDigest, 100);
  other.cluster = "two";
  add(other, sbom_of("{}"));
  EXPECT_THAT(*store_->read([](Database& db) { return reports_of_image(db, {"one", ""}, kDigest, 0, 10); }), IsEmpty());
  EXPECT_THAT(*store_->read([](Database& db) { return images(db, {"one", ""}, "", 10); }), IsEmpty());
  EXPECT_EQ(*store_->read([](Database& db) { return sbom_of_image(db, {"one", ""}, kDigest); }), std::nullopt);
  EXPECT_THAT(*store_->read([](Database& db) { return images(db, {"two", ""}, "", 10); }), SizeIs(1));
}

TEST_P(Reports, OfOneNamespaceAreSeenByThemselves) {
  add(report_of(kDigest, 100, "fail"), sbom_of("{}"));
  Report other = report_of(kDigest, 200);
  other.namespace_ = "bank";
  other.reference = "registry.example.com/bank:1";
  add(other);
  Report hidden = report_of("sha256:bb", 300);
  hidden.namespace_ = "bank";
  add(hidden);
  const View shop{"one", "shop"};
  const auto seen = store_->read([&](Database& db) { return images(db, shop, "", 10); });
  ASSERT_THAT(*seen, SizeIs(1));
  EXPECT_EQ(seen->front().verdict, "fail") << "of its own newest report";
  EXPECT_EQ(seen->front().reference, "registry.example.com/shop:1");
  EXPECT_EQ(seen->front().last_seen, std::chrono::sys_seconds(std::chrono::seconds(100)));
  EXPECT_THAT(*store_->read([&](Database& db) { return reports_of_image(db, shop, kDigest, 0, 10); }), SizeIs(1));
  EXPECT_THAT(*store_->read([&](Database& db) { return reports_of_image(db, shop, "sha256:bb", 0, 10); }), IsEmpty());
  EXPECT_TRUE(*store_->read([&](Database& db) { return sbom_of_image(db, shop, kDigest); }));
  EXPECT_FALSE(*store_->read([&](Database& db) { return sbom_of_image(db, View{"one", "bank"}, kDigest); }));
}

TEST_P(Reports, AnSbomIsKeptOnceForAllThatReferToIt) {
  const StoredSbom sbom = sbom_of(std::string(100'000, ' '));
  add(report_of("sha256:aa", 100), sbom);
  add(report_of("sha256:bb", 100), sbom);
  EXPECT_EQ(count("SELECT count(*) FROM sboms"), 1);
  EXPECT_LT(count("SELECT sum(length(packed)) FROM sboms"), 1000);
  const auto document = store_->read([](Database& db) { return sbom_of_image(db, {"one", ""}, "sha256:bb"); });
  ASSERT_TRUE(document && *document);
  EXPECT_EQ((*document)->text, std::string(100'000, ' '));
  const auto large = store_->read([](Database& db) { return sbom_of_image(db, {"one", ""}, "sha256:bb", 99'999); });
  ASSERT_TRUE(large && *large);
  EXPECT_EQ((*large)->text, std::nullopt);
  EXPECT_EQ((*document)->sha256, sbom.sha256);
}

TEST_P(Reports, APackageIsFoundByItsNameOrItsSourceInEachImageAndNamespace) {
  StoredSbom sbom = sbom_of("{}");
  sbom.packages = {{"deb", "libssl3", "3.0.9-1", "openssl"}, {"deb", "openssl", "3.0.9-1", "openssl"}};
  add(report_of(kDigest, 100), sbom);
  add(report_of(kDigest, 300), sbom);
  Report other = report_of("sha256:bb", 200);
  other.namespace_ = "bank";
  add(other, sbom);
  const auto found = [&](const View& view, const std::string& name) {
    return store_->read([&](Database& db) { return find_package(db, view, name, "", 10); })->rows;
  };
  EXPECT_THAT(found({"one", ""}, "openssl"), SizeIs(4));
  const auto one = found({"one", "shop"}, "libssl3");
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_EQ(one[0].digest, kDigest);
  EXPECT_EQ(one[0].package, sbom.packages[0]);
  EXPECT_EQ(one[0].reported_at, std::chrono::sys_seconds(std::chrono::seconds(300)));
  EXPECT_THAT(found({"two", ""}, "openssl"), IsEmpty());
  EXPECT_THAT(found({"one", ""}, "openss"), IsEmpty());
}

TEST_P(Reports, APackageIsFoundByWhatStandsBehindTheNameOfWhoseItIs) {
  StoredSbom sbom = sbom_of("{}");
  sbom.packages = {{"maven", "org.apache.logging.log4j:log4j-core", "2.14.1", "", "log4j-core"},
                   {"deb", "log4j-core", "2.17.0", ""},
                   {"deb", "zlib1g", "1.2", "zlib"}};
  add(report_of(kDigest, 100), sbom);
  const auto versions = [&](const std::string& name) {
    std::vector<std::string> found;
    const auto page = *store_->read([&](Database& db) { return find_package(db, {"one", ""}, name, "", 10); });
    for (const PackageRow& row : page.rows) found.push_back(row.package.version);
    return found;
  };
  EXPECT_THAT(versions("log4j-core"), ElementsAre("2.17.0", "2.14.1"));
  EXPECT_THAT(versions("org.apache.logging.log4j:log4j-core"), ElementsAre("2.14.1"));
  EXPECT_THAT(versions("log4j"), IsEmpty());
}

TEST_P(Reports, ImagesThatHoldMoreThanASearchFindsAreCounted) {
  StoredSbom whole = sbom_of("{}");
  whole.is_whole = true;
  const StoredSbom partly = sbom_of("[]");
  const auto not_searched = [&](const View& view) {
    return *store_->read([&](Database& db) { return images_not_searched(db, view); });
  };
  add(report_of("sha256:aa", 100), whole);
  add(report_of("sha256:aa", 200));  // of which the SBOM is known
  EXPECT_EQ(not_searched({"one", ""}), 0);
  add(report_of("sha256:bb", 100));
  EXPECT_EQ(not_searched({"one", ""}), 1) << "no SBOM";
  Report other = report_of("sha256:aa", 300);
  other.namespace_ = "bank";
  add(other, partly);
  EXPECT_EQ(not_searched({"one", ""}), 2);
  EXPECT_EQ(not_searched({"one", "bank"}), 1);
  EXPECT_EQ(not_searched({"one", "shop"}), 1);
  EXPECT_EQ(not_searched({"two", ""}), 0);
}

TEST_P(Reports, APageOfASearchHasImagesAsAWhole) {
  StoredSbom sbom = sbom_of("{}");
  sbom.packages = {{"deb", "libssl3", "3.0.9-1", "openssl"}, {"deb", "openssl", "3.0.9-1", "openssl"}};
  for (const char* digest : {"sha256:aa", "sha256:bb", "sha256:cc"}) add(report_of(digest, 100), sbom);
  const auto page = [&](const std::string& after, std::size_t most) {
    return *store_->read([&](Database& db) { return find_package(db, {"one", ""}, "openssl", after, most); });
  };
  EXPECT_THAT(page("", 2).rows, SizeIs(4));
  EXPECT_EQ(page("", 2).next, "sha256:bb");
  EXPECT_THAT(page("sha256:bb", 2).rows, SizeIs(2));
  EXPECT_EQ(page("sha256:bb", 2).next, "");
  EXPECT_EQ(page("", 3).next, "");
}

TEST_P(Reports, APageOfASearchEndsWhereItsTextsAreTooLarge) {
  StoredSbom sbom = sbom_of("{}");
  for (std::size_t i = 0; i < 3000; ++i) {
    sbom.packages.push_back({"deb", "openssl", std::string(500, '1') + std::to_string(i), "openssl"});
  }
  for (const char* digest : {"sha256:aa", "sha256:bb", "sha256:cc"}) add(report_of(digest, 100), sbom);
  const auto page = *store_->read([](Database& db) { return find_package(db, {"one", ""}, "openssl", "", 10); });
  EXPECT_THAT(page.rows, SizeIs(6000));
  EXPECT_EQ(page.next, "sha256:bb");
}

TEST_P(Reports, AnImageIsInEachNamespaceFromWhichItWasReported) {
  add(report_of(kDigest, 100));
  Report again = report_of(kDigest, 300, "fail");
  again.reference = "registry.example.com/shop:2";
  again.pod = "shop-2";
  add(again);
  Report other = report_of(kDigest, 200);
  other.namespace_ = "bank";
  add(other);
  const auto places = [&](const View& view) {
    return *store_->read([&](Database& db) { return places_of_image(db, view, kDigest); });
  };
  const auto at = [](std::int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); };
  const ImagePlace bank{"bank", "registry.example.com/shop:1", other.pod, at(200)};
  const ImagePlace shop{"shop", "registry.example.com/shop:2", "shop-2", at(300)};
  EXPECT_THAT(places({"one", ""}), ElementsAre(bank, shop));
  EXPECT_THAT(places({"one", "shop"}), ElementsAre(shop));
  EXPECT_THAT(places({"two", ""}), IsEmpty());
}

TEST_P(Reports, AnSbomThatIsNotWhatItsDigestSaysIsAnError) {
  StoredSbom sbom = sbom_of("one");
  sbom.packed = *pack("two");
  add(report_of(kDigest, 100), sbom);
  const auto document = store_->read([](Database& db) { return sbom_of_image(db, {"one", ""}, kDigest); });
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().text, "the SBOM " + sbom.sha256 + " in the store is damaged");
}

TEST_P(Reports, ImagesComeByDigestWithWhatTheirNewestReportSays) {
  add(report_of("sha256:bb", 100));
  add(report_of("sha256:aa", 100));
  add(report_of("sha256:aa", 300, "fail"));
  const auto at = [](std::int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); };
  const ImageRow first{"sha256:aa", "registry.example.com/shop:1", at(100), at(300), "fail", counts()};
  const ImageRow second{"sha256:bb", "registry.example.com/shop:1", at(100), at(100), "pass", counts()};
  EXPECT_THAT(*store_->read([](Database& db) { return images(db, {"one", ""}, "", 10); }), ElementsAre(first, second));
  EXPECT_THAT(*store_->read([](Database& db) { return images(db, {"one", ""}, "", 1); }), ElementsAre(first));
  EXPECT_THAT(*store_->read([](Database& db) {
    return images(db, {"one", ""}, "sha256:aa", 10);
  }),
              ElementsAre(second));
}

TEST(Packed, ADamagedFrameIsAnError) {
  std::string packed = *pack("words");
  EXPECT_EQ(*unpack(packed, 5), "words");
  EXPECT_EQ(unpack(packed, 4).error().text, "5 bytes, more than 4");
  packed.back() ^= 1;
  EXPECT_EQ(unpack(packed, 5).error().code, Errc::malformed);
  EXPECT_EQ(unpack("", 5).error().code, Errc::malformed);
}

}  // namespace
}  // namespace initscan::server
