#pragma once

#include "initscan/model/image_files.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace initscan {

class TextView : public FileView {
 public:
  explicit TextView(std::string text) : text_(std::move(text)) {}

  std::uint64_t size() const override { return text_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return text_.copy(into.data(), into.size(), std::min<std::size_t>(offset, text_.size()));
  }

 private:
  std::string text_;
};

// An image whose files are in a map; a value that starts with "!" is the error of reading it.
class MapFiles : public ImageFiles {
 public:
  explicit MapFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<std::unique_ptr<FileView>> open(const std::string& path) const override {
    const auto file = files_.find(path);
    if (file == files_.end()) return std::unique_ptr<FileView>();
    return open_text(file->second);
  }

  Result<bool> exists(const std::string& path) const override {
    const auto folder = files_.lower_bound(path + '/');
    if (folder != files_.end() && folder->first.starts_with(path + '/')) return true;
    const auto file = files_.find(path);
    if (file != files_.end() && file->second == "!cannot open: Permission denied") {
      return Error{Errc::io, file->second.substr(1)};
    }
    return file != files_.end();
  }

  Result<std::optional<std::vector<std::string>>> list(const std::string& path, std::size_t) const override {
    std::vector<std::string> names;
    for (const auto& [name, content] : files_) {
      if (name.starts_with(path + '/')) names.push_back(name.substr(path.size() + 1));
    }
    if (names == std::vector<std::string>{"."})
      names.clear();
    else if (names.empty())
      return std::optional<std::vector<std::string>>();
    return std::optional(names);
  }

  Coverage visit(const FileVisitor& visitor) const override {
    Coverage coverage;
    coverage.is_stated = true;
    for (const auto& [path, content] : files_) {
      ++coverage.files_seen;
      if (visitor) visitor(Entry(path, content, opened_));
    }
    return coverage;
  }

  std::string_view digest() const override { return {}; }
  std::string_view configuration() const override { return {}; }

  std::size_t opened() const { return opened_; }  // by visitors

 private:
  static Result<std::unique_ptr<FileView>> open_text(const std::string& content) {
    if (content.starts_with('!')) return Error{Errc::io, content.substr(1)};
    return std::make_unique<TextView>(content);
  }

  class Entry : public FileEntry {
   public:
    Entry(const std::string& path, const std::string& content, std::size_t& opened)
        : path_(path), content_(content), opened_(opened) {}

    std::string_view path() const override { return path_; }
    FileKind kind() const override { return FileKind::regular; }
    std::optional<std::size_t> layer() const override { return std::nullopt; }
    Result<FileAttributes> attributes() const override { return FileAttributes{content_.size(), 0644, 0, 0}; }
    Result<std::unique_ptr<FileView>> open() const override {
      ++opened_;
      return open_text(content_);
    }

   private:
    const std::string& path_;
    const std::string& content_;
    std::size_t& opened_;
  };

  std::map<std::string, std::string> files_;
  mutable std::size_t opened_ = 0;
};

}  // namespace initscan
