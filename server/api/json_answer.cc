#include "server/api/json_answer.h"

#include <algorithm>

namespace initscan::server {

HttpResponse json_answer(std::string document, unsigned status) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(document);
  return response;
}

HttpResponse json_answer(JsonWriter& json, unsigned status) {
  return json_answer(json.take() + '\n', status);
}

bool has_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view one = if_none_match.substr(0, end);
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);  // compared weakly, as for GET
    if (one == tag || one == "*") return true;
  }
  return false;
}

bool is_not_modified(HttpResponse& answer, const std::string& sha256, std::string_view if_none_match) {
  const std::string tag = "\"sha256:" + sha256 + '"';
  answer.headers.emplace_back("ETag", tag);
  if (!has_tag(if_none_match, tag)) return false;
  answer.status = 304;
  return true;
}

}  // namespace initscan::server
