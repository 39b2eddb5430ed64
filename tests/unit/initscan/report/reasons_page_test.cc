// What the page of reasons and the schema of verdicts say of ids is what the program says. With INITSCAN_UPDATE_DOCS
// set, the page is written anew.

#include "common/file_io.h"
#include "initscan/model/verdict.h"
#include "initscan/policy/evidence.h"
#include "initscan/report/meanings.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

const std::string kDocs = std::string(INITSCAN_SOURCE_DIR) + "/docs";
const std::string kPage = kDocs + "/users/reasons.md";
constexpr std::string_view kBegin = "<!-- The ids: written by unit_decide from initscan/report/meanings.cc. -->\n";
constexpr std::string_view kEnd = "<!-- End of the ids. -->\n";

std::string_view heading_of(MeaningKind kind) {
  switch (kind) {
    case MeaningKind::verdict: return "Verdicts";
    case MeaningKind::status: return "Status of a finding";
    case MeaningKind::reason: return "Reasons";
  }
  return {};
}

// "`onNoData`, deny by default"
std::string key_of(const Meaning& meaning) {
  if (meaning.key.empty()) return "none";
  const std::string key = '`' + std::string(meaning.key) + '`';
  if (!meaning.reason || !meaning.key.starts_with("on")) return key;
  return key + ", " + std::string(to_string(reaction_to(Policy{}, *meaning.reason))) + " by default";
}

std::string ids_in_markdown() {
  std::string text;
  const Meaning* before = nullptr;
  for (const Meaning& meaning : all_meanings()) {
    if (before == nullptr || before->kind != meaning.kind)
      text += "\n## " + std::string(heading_of(meaning.kind)) + '\n';
    text += "\n### " + std::string(meaning.id) + "\n\n**" + std::string(meaning.title) + "**. ";
    text += std::string(meaning.meaning) + "\n\n- What to do: " + std::string(meaning.action) + '\n';
    if (meaning.kind != MeaningKind::verdict) text += "- Policy key: " + key_of(meaning) + '\n';
    before = &meaning;
  }
  return text + '\n';
}

TEST(ReasonsPage, SaysWhatTheProgramSays) {
  const auto page = read_file(kPage, 1 << 20);
  ASSERT_TRUE(page) << page.error().text;
  const std::size_t begin = page->find(kBegin);
  const std::size_t end = page->find(kEnd);
  ASSERT_TRUE(begin != page->npos && end != page->npos && begin < end) << kPage << " has lost its markers";
  const std::size_t start = begin + kBegin.size();
  const std::string want = ids_in_markdown();
  if (std::getenv("INITSCAN_UPDATE_DOCS")) {
    const auto written = write_file(kPage, page->substr(0, start) + want + page->substr(end));
    ASSERT_TRUE(written) << written.error().text;
    return;
  }
  EXPECT_EQ(page->substr(start, end - start), want)
      << "write it anew: INITSCAN_UPDATE_DOCS=1 unit_decide --gtest_filter='ReasonsPage.*'";
}

TEST(VerdictSchema, KnowsEveryId) {
  const auto text = read_file(kDocs + "/schemas/verdict.schema.json", 1 << 20);
  ASSERT_TRUE(text) << text.error().text;
  const auto schema = nlohmann::json::parse(*text);
  std::vector<std::string> reasons;
  std::vector<std::string> statuses;
  for (const Meaning& meaning : all_meanings()) {
    if (meaning.kind == MeaningKind::reason) reasons.emplace_back(meaning.id);
    if (meaning.kind == MeaningKind::status) statuses.emplace_back(meaning.id);
  }
  EXPECT_EQ(schema.at("/definitions/reason/properties/id/enum"_json_pointer), nlohmann::json(reasons));
  const auto& image = schema.at("/properties/images/items/properties"_json_pointer);
  EXPECT_EQ(image.at("/findings/items/properties/status/enum"_json_pointer), nlohmann::json(statuses));
}

}  // namespace
}  // namespace initscan
