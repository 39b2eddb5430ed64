#include "server/api/search.h"

#include "common/json/writer.h"
#include "common/time/rfc3339.h"
#include "initscan/model/ecosystems.h"
#include "initscan/version/version.h"
#include "server/api/answers.h"
#include "server/api/json_answer.h"
#include "server/api/problem.h"
#include "server/api/workloads.h"
#include "server/store/packages.h"

#include <optional>

namespace initscan::server {
namespace {

// Where several orders are known, those that a package may be of have to agree.
std::optional<bool> is_below(const StoredPackage& package, const std::string& version) {
  const Ecosystem* const ecosystem = find_purl_type(package.type);
  if (ecosystem == nullptr) return std::nullopt;
  std::optional<bool> answer;
  for (const DatedOrder& dated : ecosystem->orders) {
    const auto compared = compare_versions(dated.order, package.version, version);
    if (!compared) return std::nullopt;
    if (answer && *answer != (*compared < 0)) return std::nullopt;
    answer = *compared < 0;
  }
  return answer;
}

Result<void> write_row(JsonWriter& json, const PackageRow& row, std::optional<bool> below, bool asks_below,
                       AnswerWorkloads& workloads) {
  json.begin_object().field("digest", row.digest).field("reference", row.reference);
  json.field_or_null("namespace", row.namespace_);
  if (auto written = workloads.write(json, row.digest, row.namespace_); !written) return written;
  json.key("package").begin_object();
  json.field("type", row.package.type).field("name", row.package.name).field("version", row.package.version);
  json.field("source", row.package.source).end_object();
  if (asks_below) {
    json.key("below");
    if (below) {
      json.value(*below);
    } else {
      json.null();
    }
  }
  json.field("reportedAt", format_rfc3339(row.reported_at)).end_object();
  return {};
}

}  // namespace

HttpResponse search(Store& store, const View& view, const Parameters& query) {
  const std::string& package = query.find("package")->second;
  if (package.empty()) return problem(400, "the query: want package=NAME, of a package or of its source package");
  const auto limit = count_in(query, "limit", kUsualPage, kMaxPage);
  if (!limit) return problem(limit.error());
  std::int64_t not_searched = 0;
  const auto page = store.read([&](Database& database) -> Result<PackagePage> {
    const auto counted = images_not_searched(database, view);
    if (!counted) return counted.error();
    not_searched = *counted;
    return find_package(database, view, package, text_in(query, "after"), *limit);
  });
  if (!page) return store_problem(page.error());
  const auto version = query.find("below");
  const bool asks_below = version != query.end();
  AnswerWorkloads workloads(store, view);
  JsonWriter json;
  json.begin_object().key("found").begin_array();
  for (const PackageRow& row : page->rows) {
    const auto below = asks_below ? is_below(row.package, version->second) : std::nullopt;
    // What cannot be compared is shown: it may be below.
    if (asks_below && below && !*below) continue;
    if (const auto written = write_row(json, row, below, asks_below, workloads); !written) {
      return store_problem(written.error());
    }
  }
  // That it is nowhere is not said of what nobody looked at.
  json.end_array().field_or_null("next", page->next).field("notSearched", not_searched).end_object();
  return json_answer(json);
}

}  // namespace initscan::server
