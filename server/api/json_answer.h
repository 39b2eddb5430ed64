#pragma once

#include "common/http/exchange.h"
#include "common/json/writer.h"

#include <string>
#include <string_view>

namespace initscan::server {

/// A document as an answer.
HttpResponse json_answer(std::string document, unsigned status = 200);

/// The same of what has been written, as a line.
HttpResponse json_answer(JsonWriter& json, unsigned status = 200);

/// Whether an If-None-Match names this entity tag, which is quoted (RFC 9110, section 13.1.2).
bool has_tag(std::string_view if_none_match, std::string_view tag);

/// Tags an answer with the hash of what it is about. True: the client has that, and the answer, which is whole then,
/// says so.
bool is_not_modified(HttpResponse& answer, const std::string& sha256, std::string_view if_none_match);

}  // namespace initscan::server
