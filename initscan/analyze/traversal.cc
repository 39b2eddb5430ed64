#include "initscan/analyze/traversal.h"

namespace initscan {
namespace {

// A file on its way through the analyzers, opened for the first that wants it.
class OfferedFile {
 public:
  explicit OfferedFile(const FileEntry& entry) : entry_(entry) {}

  bool open() {
    if (file_ != nullptr) return true;
    auto opened = entry_.open();
    if (opened) file_ = std::move(*opened);
    return file_ != nullptr;
  }

  /// Its first bytes; nullopt where they cannot be read. After open().
  std::optional<std::string_view> head() {
    if (!head_) {
      std::string bytes(kHeadBytes, '\0');
      const auto read = file_->read_at(0, bytes);
      if (!read) return std::nullopt;
      bytes.resize(*read);
      head_ = std::move(bytes);
    }
    return *head_;
  }

  const FileView& view() const { return *file_; }

 private:
  const FileEntry& entry_;
  std::unique_ptr<FileView> file_;
  std::optional<std::string> head_;
};

// False where the analyzer may want the file and it cannot be read.
bool offer(const FileEntry& entry, OfferedFile& file, const Analyzer& analyzer, Inventory& inventory) {
  Wanted wanted = analyzer.wants(entry.path(), entry.kind(), std::nullopt);
  if (wanted == Wanted::no) return true;
  if (!file.open()) return false;
  if (wanted == Wanted::perhaps) {
    const auto head = file.head();
    if (!head) return false;
    wanted = analyzer.wants(entry.path(), entry.kind(), head);
  }
  if (wanted != Wanted::no) analyzer.analyze(entry.path(), file.view(), inventory);
  return true;
}

}  // namespace

Coverage traverse(const ImageFiles& files, const Analyzers& analyzers, Inventory& inventory) {
  std::vector<const Analyzer*> asked;
  for (const auto& analyzer : analyzers) {
    if (analyzer->traverses()) asked.push_back(analyzer.get());
  }
  if (asked.empty()) return files.visit({});

  std::uint64_t unreadable = 0;
  Coverage coverage = files.visit([&](const FileEntry& entry) {
    OfferedFile file(entry);
    bool was_read = true;
    for (const Analyzer* const analyzer : asked) was_read &= offer(entry, file, *analyzer, inventory);
    if (!was_read) ++unreadable;
  });
  coverage.unreadable += unreadable;
  return coverage;
}

}  // namespace initscan
