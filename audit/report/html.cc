#include "audit/report/html_page.h"
#include "audit/report/page_assets.h"
#include "audit/report/report_files.h"
#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/version.h"

#include <algorithm>

namespace initscan::audit {
namespace {

// Only this style and this script, known by their hashes: what a name of the cluster might smuggle in does not run,
// and nothing is ever loaded.
std::string source_hash(std::string_view source) {
  const std::string hex = sha256_hex(source);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return "'sha256-" + base64_encode(bytes) + '\'';
}

std::string content_security_policy() {
  return "default-src 'none'; img-src data:; style-src " + source_hash(kPageStyle) + "; script-src " +
         source_hash(kPageScript) + "; base-uri 'none'; form-action 'none'";
}

std::string navigation(const std::vector<std::string>& parts) {
  struct Entry {
    std::string_view id;
    std::string_view title;
  };
  constexpr Entry kEntries[] = {
      {"picture", "Age and mutability"},
      {"changes", "Changes"},
      {"teams", "Teams"},
      {"workloads", "Workloads"},
      {"owners", "By owner"},
      {"waves", "Rotation"},
      {"checks", "Checks"},
      {"accepted", "Accepted"},
      {"detours", "Ways around"},
      {"gaps", "Not read"},
  };
  std::string nav = "<nav aria-label=\"Sections\"><div class=\"wrap\"><ul>";
  for (const Entry& entry : kEntries) {
    const std::string id(entry.id);
    const std::string section = "<section id=\"" + id + '"';
    if (std::none_of(parts.begin(), parts.end(), [&](const auto& part) { return part.starts_with(section); })) continue;
    nav += "<li><a href=\"#" + id + "\">" + std::string(entry.title) + "</a></li>";
  }
  return nav + "</ul></div></nav>";
}

}  // namespace

void put_html(const AuditReport& report, Output& out) {
  const Page page(report);
  std::vector<std::string> parts;
  for (Html (*const part)(const Page&) : {chart_part, change_part, team_part, workload_part, owner_part, wave_part,
                                          check_part, exception_part, detour_part, gap_part}) {
    parts.push_back(part(page).take());
  }
  out.put("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
  out.put("<meta http-equiv=\"Content-Security-Policy\" content=\"" + content_security_policy() + "\">\n");
  out.put(
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" "
      "content=\"no-referrer\">");
  out.put("<link rel=\"icon\" href=\"data:,\">\n<title>Container audit, " + date_text(report.made) +
          "</title>\n<style>");
  out.put(kPageStyle);
  out.put("</style></head>\n<body><a class=\"skip\" href=\"#workloads\">To the workloads</a>\n<div class=\"wrap\">");
  out.put(header_part(page).take() + "</div>" + navigation(parts) + "\n<main class=\"wrap\">");
  out.put(answer_part(page).take() + '\n');
  for (const std::string& part : parts) out.put(part);
  out.put("</main>\n<footer class=\"wrap\"><p>Made by initscan-audit " + std::string(kVersion));
  out.put(
      ". This page is one file: it loads nothing and sends nothing. Everything in it, and what did not fit, is in ");
  out.put("<code>audit.json</code> beside it.</p></footer>\n<script>");
  out.put(kPageScript);
  out.put("</script></body></html>\n");
}

}  // namespace initscan::audit
