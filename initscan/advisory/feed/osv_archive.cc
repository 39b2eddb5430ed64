#include "initscan/advisory/feed/osv_archive.h"

#include "initscan/advisory/feed/feed_files.h"

#include <memory>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

namespace initscan {
namespace {

bool is_document(std::string_view path) {
  return path.ends_with(".json");
}

using Writing = std::unique_ptr<archive, int (*)(archive*)>;

Error failed(archive* writer, const std::string& path) {
  const char* const reason = archive_error_string(writer);
  return {Errc::io, path + ": cannot be written: " + (reason != nullptr ? reason : "no reason given")};
}

Result<void> add_document(archive* writer, const std::string& path, const std::string& id, std::string_view text) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), (id + ".json").c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
  const bool is_written = archive_write_header(writer, entry.get()) == ARCHIVE_OK &&
                          archive_write_data(writer, text.data(), text.size()) == static_cast<la_ssize_t>(text.size());
  if (!is_written) return failed(writer, path);
  return {};
}

}  // namespace

Result<OsvRecords> records_in(const std::string& archive) {
  OsvRecords records;
  auto read = for_each_feed_file(archive, is_document, [&](std::string_view text) -> Result<void> {
    auto stamp = parse_osv_stamp(text);
    if (!stamp) return stamp.error();
    if (!records.emplace(std::move(*stamp)).second) return Error{Errc::malformed, "a record that is there twice"};
    return {};
  });
  if (!read) return read.error();
  return records;
}

OsvDifference difference_of(const OsvRecords& archive, const OsvRecords& listed) {
  OsvDifference difference;
  for (const auto& [id, modified] : listed) {
    const auto known = archive.find(id);
    if (known == archive.end() || known->second < modified) difference.changed.push_back(id);
  }
  for (const auto& [id, modified] : archive) difference.gone += listed.contains(id) ? 0 : 1;
  return difference;
}

Result<void> merge_osv_archive(const std::string& from, const std::map<std::string, std::string>& documents,
                               const OsvRecords& listed, const std::string& to) {
  const Writing writer(archive_write_new(), archive_write_free);
  // Whoever reads it unpacks it all: what is packed little is read as fast, and written in a fraction of the time.
  if (archive_write_set_format_zip(writer.get()) != ARCHIVE_OK ||
      archive_write_set_options(writer.get(), "zip:compression-level=1") != ARCHIVE_OK ||
      archive_write_open_filename(writer.get(), to.c_str()) != ARCHIVE_OK) {
    return failed(writer.get(), to);
  }
  auto copied = for_each_feed_file(from, is_document, [&](std::string_view text) -> Result<void> {
    const auto stamp = parse_osv_stamp(text);
    if (!stamp) return stamp.error();
    if (!listed.contains(stamp->first) || documents.contains(stamp->first)) return {};
    return add_document(writer.get(), to, stamp->first, text);
  });
  if (!copied) return copied;
  for (const auto& [id, text] : documents) {
    if (auto added = add_document(writer.get(), to, id, text); !added) return added;
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get(), to);
  return {};
}

}  // namespace initscan
