#include "initscan/advisory/feed/feed.h"

#include "common/text/cut.h"

#include <algorithm>
#include <iterator>

namespace initscan {
namespace {

bool is_json_or_yaml(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_json(std::string_view path) {
  return path.ends_with(".json");
}

bool is_rustsec(std::string_view path) {
  return name_of(path).starts_with("RUSTSEC-") && path.ends_with(".md");
}

bool is_xml(std::string_view path) {
  return path.ends_with(".xml");
}

// "CVE-2024-1", as Ubuntu's tracker and Red Hat's interface name their files.
bool is_named_after_cve(std::string_view path) {
  return name_of(path).starts_with("CVE-") && name_of(path).find('.') == std::string_view::npos;
}

bool is_redhat_cve(std::string_view path) {
  return is_named_after_cve(path) || is_json(path);
}

bool is_amazon_page(std::string_view path) {
  return path.ends_with(".html") || name_of(path).starts_with("ALAS");
}

bool is_debian_list(std::string_view path) {
  const std::string_view names[] = {"CVE/list", "DSA/list", "DLA/list"};
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
    return path == name || (path.ends_with(name) && path.substr(0, path.size() - name.size()).ends_with('/'));
  });
}

}  // namespace

bool is_regression_update(std::string_view summary) {
  return summary.find("regression") != summary.npos || summary.find("Regression") != summary.npos;
}

std::string first_line(std::string_view text) {
  return std::string(cut(text.substr(0, text.find('\n')), kMaxSummaryBytes));
}

const std::vector<FeedFormat>& feed_formats() {
  static const std::vector<FeedFormat> formats{
      {"osv", "*.json, *.yaml or *.yml", is_json_or_yaml, parse_osv},
      {"alpine-secdb", "*.yaml, *.yml or *.json", is_json_or_yaml, parse_alpine_secdb},
      {"debian-tracker", "CVE/list, DSA/list and DLA/list", is_debian_list, parse_debian_tracker},
      {"debian-json", "*.json", is_json, parse_debian_json},
      {"ubuntu-tracker", "CVE-*", is_named_after_cve, parse_ubuntu_tracker},
      {"redhat-csaf", "*.json", is_json, parse_redhat_csaf},
      {"redhat-cve", "CVE-* or *.json", is_redhat_cve, parse_redhat_cve},
      {"oracle-oval", "*.xml", is_xml, parse_oracle_oval},
      {"suse-oval", "*.xml", is_xml, parse_suse_oval},
      {"azure-linux-oval", "*.xml", is_xml, parse_azure_linux_oval},
      {"updateinfo", "*.xml", is_xml, parse_updateinfo},
      {"amazon-page", "*.html or ALAS*", is_amazon_page, parse_amazon_page},
      {"rustsec", "RUSTSEC-*.md", is_rustsec, parse_rustsec},
      {"photon-json", "*.json", is_json, parse_photon}};
  return formats;
}

}  // namespace initscan
