#pragma once

#include "common/exit_code.h"
#include "common/result.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_statistics.h"
#include "initscan/advisory/overlay/overlay.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

// What `initscan db` does, one file for each command.
namespace initscan {

class IndexBuilder;
class OverlayBuilder;

struct DbBuildOptions {
  std::vector<std::string> from;
  std::string as_of;
  std::string key;
  std::string output;
};
Result<ExitCode> db_build(const DbBuildOptions& options);

struct DbOverlayOptions {
  std::vector<std::string> from;
  std::string as_of;
  std::string output;
};
Result<ExitCode> db_overlay(const DbOverlayOptions& options);

Result<ExitCode> db_info(const std::string& path);

/// `key`: "" where whoever signed it does not matter.
Result<ExitCode> db_verify(const std::string& path, const std::string& key);

struct DbInstallOptions {
  std::string path;
  std::string key;
  std::string output;
  bool is_forced = false;
};
Result<ExitCode> db_install(const DbInstallOptions& options);

/// The same with the bytes of an index that came `from` somewhere: what is written is what was checked. Errors: with
/// `from`; refused - it would be a step back.
Result<ExitCode> install_index(std::string_view bytes, const std::string& from, const DbInstallOptions& options);

Result<ExitCode> db_diff(const std::string& older, const std::string& newer);

Result<ExitCode> db_search(const std::string& path, const std::string& word);

struct DbSplitOptions {
  std::string path;
  std::vector<std::string> only;
  std::string output;
};
Result<ExitCode> db_split(const DbSplitOptions& options);

// What several of them say.

/// What is in an index, by ecosystem.
Result<void> print_contents(const AdvisoryIndex& index);

/// What is in an overlay, by source.
void print_contents(const Overlay& overlay);

/// Checks all of an overlay, and says what is in it. Errors: with the path.
Result<void> print_whole_overlay(const std::string& path);

/// Puts the bytes of an overlay in the place of another. Errors: of the file; unless it is forced, refused - it is a
/// step back from the one that is there.
Result<void> write_overlay(const std::string& bytes, const std::string& path, bool is_forced);

/// The same with what a builder was given, and says what that is. Errors: also of the builder.
Result<void> write_overlay(const OverlayBuilder& builder, const std::string& path, bool is_forced);

/// A line of `what` for each reason.
void print_reasons(std::FILE* to, const std::string& head, const char* what, const ReasonCounts& reasons);

/// "from 1 to before 2, high, by osv": what a statement says of its vulnerability. For people: visible().
std::string words_of(const AffectedRow& row);

/// Why an index may not take a place unless somebody insists: it is older than the one that is there in any ecosystem,
/// or says much less. "": it may, or there is none. Errors: of the one that is there, with the path.
Result<std::string> why_it_may_not_replace(const AdvisoryIndex& next, const std::string& place);

inline constexpr std::size_t kMaxKeyBytes = 16 << 10;  // of a file with a key

// A key that signs, if there is to be one.
struct SigningKey {
  std::string path;  // "": nobody signs
  std::string pem{};
};
/// Errors: with the path.
Result<SigningKey> read_signing_key(const std::string& path);

/// What a builder was given, as an index, and signed where there is a key. Errors: of the builder, and of the key.
Result<std::string> build_and_sign(IndexBuilder& builder, const SigningKey& key);

// Who vouches for an index.
struct Voucher {
  std::string sha256;
  std::string signed_by;  // the key as hexadecimal digits; "": nobody
};
/// Checks a whole index with its seal, and against a key that is read from a file, "" for none. Errors: with the path.
Result<Voucher> check_voucher(const AdvisoryIndex& index, const std::string& path, const std::string& key);

}  // namespace initscan
