#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/text/visible.h"
#include "initscan/advisory/index/index_seal.h"
#include "initscan/commands/db_commands.h"
#include "initscan/model/scope_text.h"

namespace initscan {
namespace {

std::string versions_of(const AffectedRow& row) {
  switch (row.kind) {
    case StatementKind::version: return "version " + std::string(row.introduced);
    case StatementKind::unclear: return "undecided: " + std::string(row.introduced);
    default: break;
  }
  std::string words = row.introduced.empty() ? "" : "from " + std::string(row.introduced);
  const auto add = [&](std::string_view what, std::string_view version) {
    if (!version.empty()) words.append(words.empty() ? "" : " ").append(what).append(version);
  };
  add("to before ", row.fixed);
  add("up to ", row.last_affected);
  return words.empty() ? "all versions" : words;
}

std::string_view status_of(const AffectedRow& row) {
  switch (row.status) {
    case AdvisoryStatus::affected: return "";
    case AdvisoryStatus::will_not_fix: return ", will not fix";
    case AdvisoryStatus::deferred: return ", deferred";
    case AdvisoryStatus::end_of_life: return ", end of life";
    case AdvisoryStatus::under_investigation: return ", under investigation";
    case AdvisoryStatus::not_affected: return ", not affected";
  }
  return "";
}

std::string scope_of(const AffectedRow& row) {
  const auto scope = scope_in(row.scope);
  if (!scope) return ", of packages that are not understood";
  std::string words;
  const std::pair<std::string_view, std::string_view> fields[] = {{", module ", scope->module},
                                                                  {", flavour ", scope->flavour},
                                                                  {", architecture ", scope->architectures},
                                                                  {", product ", scope->product},
                                                                  {", CPE ", scope->cpes}};
  for (const auto& [what, value] : fields) {
    if (!value.empty()) words.append(what).append(value);
  }
  return words;
}

}  // namespace

void print_reasons(std::FILE* to, const std::string& head, const char* what, const ReasonCounts& reasons) {
  for (const auto& [reason, count] : reasons) {
    std::fprintf(to, "%s%llu %s: %s\n", head.c_str(), static_cast<unsigned long long>(count), what,
                 visible(reason).c_str());
  }
}

Result<void> print_contents(const AdvisoryIndex& index) {
  const auto ecosystems = index.ecosystems();
  if (!ecosystems) return ecosystems.error();
  const std::string date = visible(index.data_date());
  std::printf("  %llu vulnerabilities in %llu statements, %.2f MB, data of %s\n",
              static_cast<unsigned long long>(index.vulnerabilities()), static_cast<unsigned long long>(index.rows()),
              static_cast<double>(index.file_bytes()) / 1e6, date.empty() ? "an unknown date" : date.c_str());
  for (const auto& ecosystem : *ecosystems) {
    const std::string newest = ecosystem.data_date.empty() ? "an unknown date" : visible(ecosystem.data_date);
    std::printf("    %-16s %llu source packages with %llu statements, data of %s\n", visible(ecosystem.name).c_str(),
                static_cast<unsigned long long>(ecosystem.packages), static_cast<unsigned long long>(ecosystem.rows),
                newest.c_str());
  }
  return {};
}

std::string words_of(const AffectedRow& row) {
  std::string words = versions_of(row);
  words.append(", ").append(row.is_malicious ? "malware" : to_string(row.severity)).append(status_of(row));
  return visible(words + scope_of(row) + ", by " + std::string(row.feed));
}

Result<Voucher> check_voucher(const AdvisoryIndex& index, const std::string& path, const std::string& key) {
  std::string wanted;
  if (!key.empty()) {
    const auto pem = read_file(key, kMaxKeyBytes);
    if (!pem) return Error(pem.error()).within(key);
    const auto read = read_public_key(*pem);
    if (!read) return Error(read.error()).within(key);
    wanted = hex_digits(*read);
  }
  const auto seal = check_seal(index);
  if (!seal) return Error(seal.error()).within(path);
  const std::string signed_by = seal->signed_by ? hex_digits(*seal->signed_by) : "";
  if (!wanted.empty() && signed_by != wanted) {
    const std::string who = signed_by.empty() ? "nobody signed it" : "signed by another key, " + signed_by;
    return Error{Errc::malformed, path + ": " + who + "; take none but an index that is signed by " + wanted};
  }
  return Voucher{seal->sha256, signed_by};
}

}  // namespace initscan
