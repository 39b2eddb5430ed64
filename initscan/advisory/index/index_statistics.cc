#include "initscan/advisory/index/index_statistics.h"

#include "common/json/writer.h"

#include <algorithm>

namespace initscan {
namespace {

void write_reasons(JsonWriter& json, std::string_view key, const ReasonCounts& reasons) {
  json.key(key).begin_object();
  for (const auto& [reason, count] : reasons) json.field(reason, count);
  json.end_object();
}

std::string statistics_json(const FeedStatistics& feed) {
  JsonWriter json = JsonWriter::ascii();
  json.begin_object().field("kind", feed.kind).field("date", feed.date).key("licences").begin_array();
  for (const std::string& licence : feed.licences) json.value(licence);
  json.end_array().field("records", feed.records).field("indexed", feed.indexed);
  write_reasons(json, "skippedFiles", feed.skipped_files);
  write_reasons(json, "skipped", feed.skipped);
  json.field("statements", feed.statements);
  write_reasons(json, "skippedStatements", feed.skipped_statements);
  write_reasons(json, "doubtfulStatements", feed.doubtful_statements);
  return json.end_object().take();
}

}  // namespace

std::string statistics_json(const std::vector<FeedStatistics>& feeds) {
  std::vector<std::string> texts;
  texts.reserve(feeds.size());
  for (const FeedStatistics& feed : feeds) texts.push_back(statistics_json(feed));
  std::sort(texts.begin(), texts.end());
  JsonWriter json;
  json.begin_array();
  for (const std::string& text : texts) json.json(text);
  return json.end_array().take();
}

}  // namespace initscan
