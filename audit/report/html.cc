#include "audit/report/html_page.h"
#include "audit/report/page_assets.h"
#include "audit/report/report_files.h"
#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/version.h"

#include <string>
#include <vector>

namespace initscan::audit {
namespace {

// The page allows only this style and this script, known by their hashes: what a name of the cluster might smuggle in
// does not run, and nothing is ever loaded.
std::string hash_of(std::string_view source) {
  const std::string hex = sha256_hex(source);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return base64_encode(bytes);
}

struct Part {
  std::string_view id;  // of its section
  std::string_view title;
  Html (*html)(const Page&);
};

constexpr Part kParts[] = {
    {"picture", "Age and mutability", chart_part},
    {"changes", "Changes", change_part},
    {"teams", "Teams", team_part},
    {"workloads", "Workloads", workload_part},
    {"owners", "By owner", owner_part},
    {"waves", "Rotation", wave_part},
    {"checks", "Checks", check_part},
    {"accepted", "Accepted", exception_part},
    {"detours", "Ways around", detour_part},
    {"gaps", "Not read", gap_part},
};

}  // namespace

void put_html(const AuditReport& report, Output& out) {
  const Page page(report);
  std::vector<Html> parts;
  Html navigation;
  for (const Part& part : kParts) {
    parts.push_back(part.html(page));
    if (parts.back().is_empty()) continue;
    navigation.fill<"navigation-entry">(as<"id">(part.id), as<"title">(part.title));
  }
  const auto put = [&out](Html& html) { out.put(html.take()); };
  put(Html().fill<"page-start">(as<"style-hash">(hash_of(kPageStyle)), as<"script-hash">(hash_of(kPageScript)),
                                as<"date">(date_text(report.made))));
  out.put(kPageStyle);
  put(Html().fill<"page-body">(as<"header">(header_part(page)), as<"navigation">(navigation),
                               as<"answer">(answer_part(page))));
  for (Html& part : parts) put(part);
  put(Html().fill<"page-end">(as<"version">(kVersion)));
  out.put(kPageScript);
  put(Html().fill<"page-close">().line_break());
}

}  // namespace initscan::audit
