#include "server/store/database.h"

namespace initscan::server {

Query& Query::bind(std::int64_t number) {
  statement_->bind_number(number);
  return *this;
}

Query& Query::bind(std::string_view text) {
  if (text.find('\0') != text.npos) unfit_ = Error{Errc::unsupported, "a text with a zero byte cannot be kept"};
  if (text.size() > kMaxValueBytes) unfit_ = Error{Errc::over_limit, "a text that is too large to be kept"};
  statement_->bind_text(text);
  return *this;
}

Query& Query::bind_optional(const std::optional<std::string>& text) {
  if (text) return bind(std::string_view(*text));
  statement_->bind_null();
  return *this;
}

Query& Query::bind_blob(std::string_view bytes) {
  if (bytes.size() > kMaxValueBytes) unfit_ = Error{Errc::over_limit, "a value that is too large to be kept"};
  statement_->bind_blob(bytes);
  return *this;
}

Result<bool> Query::next() {
  if (unfit_) return *unfit_;
  return statement_->next();
}

Result<std::int64_t> Query::run() {
  for (;;) {
    const auto row = next();
    if (!row) return row.error();
    if (!*row) return statement_->changes();
  }
}

Result<std::int64_t> Database::number(const char* sql) {
  auto query = this->query(sql);
  if (!query) return query.error();
  const auto row = query->next();
  if (!row) return row.error();
  if (!*row) return Error{Errc::io, name() + ": no answer"};
  return query->number(0);
}

}  // namespace initscan::server
