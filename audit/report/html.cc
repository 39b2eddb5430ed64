#include "audit/report/html_page.h"
#include "audit/report/page_assets.h"
#include "audit/report/report_files.h"
#include "common/base64.h"
#include "common/sha256.h"
#include "common/version.h"

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

std::string navigation(const std::string& body) {
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
      {"gaps", "Not read"},
  };
  std::string nav = "<nav aria-label=\"Sections\"><div class=\"wrap\"><ul>";
  for (const Entry& entry : kEntries) {
    const std::string id(entry.id);
    if (body.find("<section id=\"" + id + '"') == body.npos) continue;
    nav += "<li><a href=\"#" + id + "\">" + std::string(entry.title) + "</a></li>";
  }
  return nav + "</ul></div></nav>";
}

}  // namespace

std::string html_report(const AuditReport& report) {
  const Page page(report);
  Html sections;
  sections.put(chart_part(page)).put(change_part(page)).put(team_part(page)).put(workload_part(page));
  sections.put(owner_part(page))
      .put(wave_part(page))
      .put(check_part(page))
      .put(exception_part(page))
      .put(gap_part(page));
  const std::string body = sections.take();

  std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + content_security_policy() + "\">\n";
  out +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" "
      "content=\"no-referrer\">";
  out += "<link rel=\"icon\" href=\"data:,\">\n<title>Container audit, " + date_text(report.made) + "</title>\n<style>";
  out += kPageStyle;
  out += "</style></head>\n<body><a class=\"skip\" href=\"#workloads\">To the workloads</a>\n<div class=\"wrap\">";
  out += header_part(page).take() + "</div>" + navigation(body) + "\n<main class=\"wrap\">" + answer_part(page).take();
  out += '\n' + body + "</main>\n<footer class=\"wrap\"><p>Made by initscan-audit " + std::string(kVersion);
  out += ". This page is one file: it loads nothing and sends nothing. Everything in it, and what did not fit, is in ";
  out += "<code>audit.json</code> beside it.</p></footer>\n<script>";
  out += kPageScript;
  return out + "</script></body></html>\n";
}

}  // namespace initscan::audit
