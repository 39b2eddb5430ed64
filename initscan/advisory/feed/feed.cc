#include "initscan/advisory/feed/feed.h"

namespace initscan {
namespace {

bool is_osv(std::string_view path) {
  return path.ends_with(".json");
}

bool is_secdb(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

bool is_debian_list(std::string_view path) {
  return path == "DSA/list" || path == "DLA/list" || path.ends_with("/DSA/list") || path.ends_with("/DLA/list");
}

}  // namespace

bool is_regression_update(std::string_view summary) {
  return summary.find("regression") != summary.npos || summary.find("Regression") != summary.npos;
}

const std::vector<FeedFormat>& feed_formats() {
  static const std::vector<FeedFormat> formats{
      {"osv", "*.json", is_osv, parse_osv},
      {"alpine-secdb", "*.yaml, *.yml or *.json", is_secdb, parse_alpine_secdb},
      {"debian-tracker", "DSA/list and DLA/list", is_debian_list, parse_debian_list}};
  return formats;
}

}  // namespace initscan
