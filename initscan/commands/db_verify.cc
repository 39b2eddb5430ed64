#include "initscan/commands/db_commands.h"

namespace initscan {

Result<ExitCode> db_verify(const std::string& path, const std::string& key) {
  if (is_overlay(path)) {
    if (!key.empty()) return Error{Errc::usage, "--key: an overlay is not signed; verify it without a key"};
    if (auto printed = print_whole_overlay(path); !printed) return printed.error();
    return ExitCode::pass;
  }
  const auto index = AdvisoryIndex::open(path);
  if (!index) return index.error();
  const auto voucher = check_voucher(*index, path, key);
  if (!voucher) return voucher.error();
  std::string by = "not signed";
  if (!voucher->signed_by.empty()) {
    by = "signed by " + voucher->signed_by + (key.empty() ? "; --key FILE says whether that is whom you trust" : "");
  }
  std::printf("%s\n  whole, sha256 %s, %s\n", path.c_str(), voucher->sha256.c_str(), by.c_str());
  return ExitCode::pass;
}

}  // namespace initscan
