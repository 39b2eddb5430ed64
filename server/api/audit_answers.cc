#include "server/api/audit_answers.h"

#include "common/crypto/sha256.h"
#include "common/json/writer.h"
#include "common/time/rfc3339.h"
#include "server/api/answers.h"
#include "server/api/audit_body.h"
#include "server/api/json_answer.h"
#include "server/api/problem.h"
#include "server/store/audits.h"
#include "server/store/packed.h"

namespace initscan::server {
namespace {

void write_audit(JsonWriter& json, const AuditRow& row) {
  json.begin_object().field("id", std::to_string(row.id)).field("made", format_rfc3339(row.made));
  json.field("receivedAt", format_rfc3339(row.received_at)).field("reporter", row.reporter);
  json.field("sha256", row.sha256).field("bytes", row.bytes).key("summary").json(row.summary).end_object();
}

}  // namespace

HttpResponse keep_audit(Store& store, const std::string& cluster, const Identity& reporter, std::string_view body,
                        std::chrono::sys_seconds now) {
  auto parsed = parse_audit(body);
  if (!parsed) return problem(parsed.error());
  auto packed = pack(body);
  if (!packed) return problem(packed.error());
  AuditRow row{0, cluster, parsed->made, now, reporter.name, std::move(parsed->summary), sha256_hex(body), body.size()};
  bool is_new = false;
  const auto kept = store.write([&](Database& database) -> Result<void> {
    const auto added = add_audit(database, row, *packed);
    if (!added) return added.error();
    row.id = added->id;
    is_new = added->is_new;
    return {};
  });
  if (!kept) return store_problem(kept.error());
  JsonWriter json;
  write_audit(json, row);
  return json_answer(json, is_new ? 201 : 200);
}

HttpResponse list_audits(Store& store, const std::string& cluster, const Parameters& query) {
  const auto limit = count_in(query, "limit", kUsualPage, kMaxPage);
  if (!limit) return problem(limit.error());
  const auto before = number_in(query, "before");
  if (!before) return problem(before.error());
  const auto rows = store.read([&](Database& database) {
    // One more than fits says whether there is another page.
    return audits(database, cluster, *before, *limit + 1);
  });
  if (!rows) return store_problem(rows.error());
  const std::size_t shown = std::min(rows->size(), *limit);
  JsonWriter json;
  json.begin_object().key("audits").begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_audit(json, (*rows)[i]);
  json.end_array();
  json.field_or_null("next", rows->size() > shown ? std::to_string((*rows)[shown - 1].id) : std::string()).end_object();
  return json_answer(json);
}

HttpResponse show_audit(Store& store, const std::string& cluster, std::int64_t id, std::string_view if_none_match) {
  auto document = store.read([&](Database& database) { return audit_document(database, cluster, id); });
  if (!document) return problem(500, document.error().text);
  if (!*document) return problem(404, id == 0 ? "no audit has been sent" : "there is no audit of this id");
  HttpResponse response;
  if (is_not_modified(response, (*document)->sha256, if_none_match)) return response;
  response.content_type = "application/json";
  response.body = std::move((*document)->text);
  return response;
}

}  // namespace initscan::server
