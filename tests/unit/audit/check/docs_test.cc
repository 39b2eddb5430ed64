// What docs/users/audit.md says of the checks is what the catalogue says. With INITSCAN_UPDATE_DOCS set, it is written
// anew.

#include "audit/check/evaluate.h"
#include "common/file_io.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

constexpr std::string_view kBegin = "<!-- The checks: written by unit_audit_check from audit/check/catalogue.cc. -->\n";
constexpr std::string_view kEnd = "<!-- End of the checks. -->\n";
const std::string kDocument = std::string(INITSCAN_SOURCE_DIR) + "/docs/users/audit.md";

std::string or_dash(std::string_view text) {
  return text.empty() ? "-" : std::string(text);
}

// "CIS Docker 5.13, CIS Kubernetes 5.2.2, ..."; "" where nobody else asks.
std::string elsewhere(const Check& check) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view ids) {
    if (!ids.empty()) text += (text.empty() ? "" : "; ") + std::string(name) + ' ' + std::string(ids);
  };
  add("CIS Docker", check.cis_docker);
  add("CIS Kubernetes", check.cis_kubernetes);
  add("Pod Security Standards:", check.pss);
  add("NSA/CISA:", check.nsa);
  add("Kubescape", check.kubescape);
  add("Trivy", check.trivy);
  return text;
}

std::string checks_in_markdown() {
  std::string text =
      "\n| check | severity | CIS Docker | CIS Kubernetes | PSS | Kubescape | Trivy |\n|---|---|---|---|---|---|---|\n";
  for (const Check& check : all_checks()) {
    text += "| [" + std::string(check.id) + "](#" + std::string(check.id) + ") | " +
            std::string(to_string(check.severity)) + " | " + or_dash(check.cis_docker) + " | " +
            or_dash(check.cis_kubernetes) + " | " + or_dash(check.pss) + " | " + or_dash(check.kubescape) + " | " +
            or_dash(check.trivy) + " |\n";
  }
  for (const Check& check : all_checks()) {
    const std::string others = elsewhere(check);
    text += "\n### " + std::string(check.id) + "\n\n**" + std::string(check.title) + "** (" +
            std::string(to_string(check.severity)) + "). " + std::string(check.why) +
            "\n\n- Remedy: " + std::string(check.remedy) + "\n- Unknown: " + std::string(check.unknown_when) + ".\n";
    if (!others.empty()) text += "- Elsewhere: " + others + ".\n";
  }
  return text + '\n';
}

TEST(Docs, SayOfTheChecksWhatTheCatalogueSays) {
  const auto document = read_file(kDocument, 1 << 20);
  ASSERT_TRUE(document) << document.error().text;
  const std::size_t begin = document->find(kBegin);
  const std::size_t end = document->find(kEnd);
  ASSERT_TRUE(begin != document->npos && end != document->npos && begin < end) << kDocument << " has lost its markers";
  const std::size_t start = begin + kBegin.size();
  const std::string want = checks_in_markdown();
  if (std::getenv("INITSCAN_UPDATE_DOCS")) {
    const auto written = write_file(kDocument, document->substr(0, start) + want + document->substr(end));
    ASSERT_TRUE(written) << written.error().text;
    return;
  }
  EXPECT_EQ(document->substr(start, end - start), want)
      << "write it anew: INITSCAN_UPDATE_DOCS=1 unit_audit_check --gtest_filter='Docs.*'";
}

}  // namespace
}  // namespace initscan::audit
