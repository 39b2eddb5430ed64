#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/text/in_quotes.h"
#include "common/time/day.h"
#include "initscan/advisory/overlay/overlay_sources.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxReleaseBytes = 64;

const Distribution* distribution_of(std::string_view product) {
  for (const Distribution& distribution : distributions()) {
    const auto& names = distribution.lifecycle_names;
    if (std::find(names.begin(), names.end(), product) != names.end()) return &distribution;
  }
  return nullptr;
}

bool is_release_number(std::string_view text) {
  return !text.empty() && text.size() <= kMaxReleaseBytes && text.find_first_not_of("0123456789.") == text.npos;
}

// A date, or null and false where nobody knows it.
Result<std::optional<std::chrono::sys_days>> day_at(const dom::element& release, std::string_view key) {
  const auto value = release[key];
  if (value.error() != simdjson::SUCCESS || value.is_null() || value.is_bool()) {
    return std::optional<std::chrono::sys_days>();
  }
  const auto day = parse_day(text_in(release, key));
  if (!day) return Error{Errc::malformed, std::string(key) + ": want a day such as 2026-01-31"};
  return std::optional(*day);
}

// Support that everybody gets: of most distributions the ordinary one, of some a longer one that costs nothing, either.
Result<std::optional<std::chrono::sys_days>> end_of(const Distribution& distribution, const dom::element& release) {
  if (!distribution.has_free_extension) return day_at(release, "eolFrom");
  auto extended = day_at(release, "eoesFrom");
  return !extended || *extended ? extended : day_at(release, "eolFrom");
}

Result<void> read_release(const Distribution& distribution, const dom::element& release, OverlayPart& part) {
  const std::string_view name = text_in(release, "name");
  if (!is_release_number(name)) return ++part.skipped["releases without a number"], Result<void>();
  const auto end = end_of(distribution, release);
  if (!end) return Error(end.error()).within(in_quotes(name));
  if (!*end) return ++part.skipped["releases whose end is not known"], Result<void>();
  const auto day = static_cast<std::int32_t>((*end)->time_since_epoch().count());
  const std::string key =
      std::string(distribution.id) + ' ' + std::string(leading_fields(name, distribution.release_fields));
  // Several products may be one release: what was built from it, and what it was built from.
  const auto [place, is_new] = part.ends.emplace(key, day);
  if (!is_new) place->second = std::max(place->second, day);
  if (part.ends.size() > kMaxOverlayEnds) return Error{Errc::over_limit, "too many releases"};
  return {};
}

Result<void> read_product(const dom::element& product, OverlayPart& part) {
  const std::string_view name = text_in(product, "name");
  dom::array releases;
  if (name.empty() || product["releases"].get(releases) != simdjson::SUCCESS) {
    return Error{Errc::malformed, in_quotes(name) + ": want a product with a name and a list \"releases\""};
  }
  const Distribution* const distribution = distribution_of(name);
  if (distribution == nullptr) return ++part.skipped["products that are no distribution"], Result<void>();
  for (const dom::element release : releases) {
    if (auto read = read_release(*distribution, release, part); !read) return Error(read.error()).within(name);
  }
  return {};
}

}  // namespace

Result<OverlayPart> parse_end_of_life(std::string_view json) {
  dom::parser parser;
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  OverlayPart part;
  if (const auto moment = parse_rfc3339(text_in(*root, "generated_at"))) part.date = format_rfc3339(*moment);
  const auto result = (*root)["result"];
  dom::element product;
  dom::array products;
  if (result.get(products) != simdjson::SUCCESS) {
    if (result.get(product) != simdjson::SUCCESS) return Error{Errc::malformed, "want a member \"result\""};
    if (auto read = read_product(product, part); !read) return read.error();
    return part;
  }
  for (const dom::element one : products) {
    if (auto read = read_product(one, part); !read) return read.error();
  }
  return part;
}

}  // namespace initscan
