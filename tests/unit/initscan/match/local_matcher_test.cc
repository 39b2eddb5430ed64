#include "initscan/match/local_matcher.h"

#include "tests/unit/initscan/match/matched_sbom.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// Says of openssl that it has one vulnerability, whatever its version.
class OneFlaw : public AdvisoryLookup {
 public:
  Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const override {
    return name == "Debian:12" ? std::optional(Ecosystem{"2026-01-01T00:00:00Z"}) : std::nullopt;
  }
  Result<void> for_each(std::string_view, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    if (package == "openssl") visit({});
    return {};
  }
  Result<VulnerabilityDetails> details(std::uint32_t) const override {
    return VulnerabilityDetails{"DSA-1-1", {"CVE-2021-1", "CVE-2021-2"}, "", ""};
  }
};

class Known : public OverlayLookup {
 public:
  Result<Exploitation> exploitation(std::string_view id) const override {
    if (is_damaged) return Error{Errc::malformed, "damaged: a block"};
    if (id == "CVE-2021-1") return Exploitation{"2022-02-02", 0.25, 0.75};
    if (id == "CVE-2021-2") return Exploitation{"2021-12-10", 0.125, 0.5};
    return Exploitation{};
  }
  std::optional<std::string> support_end(std::string_view distribution, std::string_view release) const override {
    return distribution == "debian" && release == "12" ? std::optional<std::string>("2026-08-31") : std::nullopt;
  }
  const std::map<std::string, std::string>& dates() const override { return dates_; }

  bool is_damaged = false;

 private:
  std::map<std::string, std::string> dates_{{"kev", "2026-01-01T00:00:00Z"}};
};

struct Matched {
  Result<MatchResult> result;
  std::vector<Finding> findings;
};

Matched matched(const OverlayLookup* overlay) {
  const OneFlaw flaw;
  const LocalMatcher matcher(flaw, "index.db", "", {overlay, "over.lay"});
  std::vector<Finding> findings;
  auto result = matcher.match(two_packages(), [&](Finding&& finding) { findings.push_back(std::move(finding)); }, {});
  return {std::move(result), std::move(findings)};
}

TEST(LocalMatcher, TellsWhatIsKnownUnderAnyName) {
  const Known known;
  const Matched with = matched(&known);
  ASSERT_TRUE(with.result) << with.result.error().text;
  ASSERT_EQ(with.findings.size(), 1u);
  EXPECT_EQ(with.findings[0].exploitation, (Exploitation{"2021-12-10", 0.25, 0.75}))
      << "the earliest, and the likeliest";
  EXPECT_EQ(with.result->overlay_dates, known.dates());
  EXPECT_EQ(with.result->support_end, "2026-08-31");
}

TEST(LocalMatcher, KnowsNothingWithoutAnOverlay) {
  const Matched without = matched(nullptr);
  ASSERT_TRUE(without.result);
  EXPECT_EQ(without.findings.at(0).exploitation, Exploitation{});
  EXPECT_TRUE(without.result->overlay_dates.empty());
  EXPECT_EQ(without.result->support_end, "");
}

TEST(LocalMatcher, EndsWhereItsOverlayIsDamaged) {
  Known known;
  known.is_damaged = true;
  const Matched with = matched(&known);
  ASSERT_FALSE(with.result);
  EXPECT_EQ(with.result.error().text, "over.lay: damaged: a block [overlay-unreadable]");
  EXPECT_TRUE(with.findings.empty()) << "none whose exploitation is not known";
}

}  // namespace
}  // namespace initscan
