#include "server/api/target.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "common/text/whole_number.h"

#include <algorithm>

namespace initscan::server {
namespace {

enum class Plus : std::uint8_t { is_itself, is_space };

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = first_utf8_character(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

Result<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Error{Errc::malformed, "a '%' without two hexadecimal digits"};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus == Plus::is_space) {
      c = ' ';
    }
    if (is_control(c)) return Error{Errc::malformed, "a control character"};
    out += c;
  }
  if (!is_utf8(out)) return Error{Errc::malformed, "it is not UTF-8"};
  return out;
}

Error of_query(Error error, std::string_view name) {
  return std::move(error).within("the query's " + std::string(name));
}

}  // namespace

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (!path.starts_with('/')) return Error{Errc::malformed, "the path: want one that begins with '/'"};
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = percent_decode(path.substr(0, end), Plus::is_itself);
    path.remove_prefix(end);
    if (!segment) return std::move(segment).error().within("the path");
    if (segment->empty() || *segment == "." || *segment == "..") {
      return Error{Errc::malformed, "the path: a part of it is empty, or leads elsewhere"};
    }
    if (segments.size() == kMaxSegments) return Error{Errc::over_limit, "the path: too many parts"};
    segments.push_back(std::move(*segment));
  }
  return segments;
}

Result<Parameters> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), Plus::is_space);
    if (!name) return of_query(name.error(), "name");
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), Plus::is_space);
    if (!value) return of_query(value.error(), *name);
    if (name->empty()) return Error{Errc::malformed, "the query: a value without a name"};
    if (name->size() > kMaxValueOfQuery || value->size() > kMaxValueOfQuery) {
      return of_query({Errc::over_limit, "longer than " + std::to_string(kMaxValueOfQuery) + " bytes"}, "parts");
    }
    if (parameters.size() == kMaxParameters) return Error{Errc::over_limit, "the query: too many parameters"};
    if (!parameters.try_emplace(*name, std::move(*value)).second) {
      return Error{Errc::malformed, "the query: " + *name + " twice"};
    }
  }
  return parameters;
}

std::string text_in(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

Result<std::size_t> count_in(const Parameters& parameters, std::string_view name, std::size_t otherwise,
                             std::size_t most) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return otherwise;
  const auto count = whole_number<std::size_t>(found->second);
  if (!count || *count < 1 || *count > most) {
    return of_query({Errc::malformed, "want a number from 1 to " + std::to_string(most)}, name);
  }
  return *count;
}

std::optional<std::int64_t> row_number(std::string_view text) {
  const auto number = whole_number<std::int64_t>(text);
  return number && *number > 0 ? number : std::nullopt;
}

Result<std::int64_t> number_in(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::int64_t{0};
  const auto number = row_number(found->second);
  if (number) return *number;
  return of_query({Errc::malformed, "want what \"next\" of the page before says"}, name);
}

}  // namespace initscan::server
