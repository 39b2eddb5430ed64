#include "audit/harden/known_programs.h"

#include <algorithm>
#include <set>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxWords = 256;       // of a command line that are looked at
constexpr std::size_t kMaxWordBytes = 4096;  // of each

// What may come before the program that counts.
constexpr std::string_view kWrappers[] = {
    "sh",        "bash", "ash",     "dash",    "env",  "exec", "tini",  "dumb-init",
    "catatonit", "gosu", "su-exec", "setpriv", "nice", "time", "nohup", "docker-entrypoint.sh"};

template <class Range>
bool has(const Range& range, std::string_view wanted) {
  return std::find(std::begin(range), std::end(range), wanted) != std::end(range);
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

// The words of command and arguments; a shell's script is taken apart at blanks, quotes and separators, which is
// enough to see whom it starts.
std::vector<std::string_view> words_of(const Container& container) {
  std::vector<std::string_view> words;
  for (const auto* list : {&container.command, &container.args}) {
    for (const std::string_view line : *list) {
      std::string_view rest = line.substr(0, kMaxWordBytes);
      while (!rest.empty() && words.size() < kMaxWords) {
        const std::size_t start = rest.find_first_not_of(" \t\n;&|\"'()");
        if (start == rest.npos) break;
        rest.remove_prefix(start);
        const std::size_t end = rest.find_first_of(" \t\n;&|\"'()");
        words.push_back(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end);
      }
    }
  }
  return words;
}

bool is_absolute(std::string_view path) {
  return path.size() > 1 && path[0] == '/' && path.find("/../") == path.npos && !path.ends_with("/..") &&
         path.find_first_of("$`*?{}\\") == path.npos;
}

std::string without_slashes_at_end(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

// The value of `option` at words[i]: in the same word, or the next one.
std::string_view value_at(std::string_view option, const std::vector<std::string_view>& words, std::size_t i) {
  std::string_view word = words[i];
  if (!word.starts_with(option)) return {};
  word.remove_prefix(option.size());
  if (option.ends_with('=') || option.ends_with(':')) return word;
  if (word.starts_with('=')) return word.substr(1);
  if (word.empty()) return i + 1 < words.size() ? words[i + 1] : std::string_view{};
  const bool is_short = option.size() == 2 && option[0] == '-' && option[1] != '-';
  return is_short ? word : std::string_view{};  // "-D/data"
}

}  // namespace

std::string_view image_basename(std::string_view image) {
  image = image.substr(0, image.find('@'));
  image = file_name(image);
  return image.substr(0, image.find(':'));
}

ProgramFacts program_of(const Container& container) {
  const std::string_view image = image_basename(container.image);
  for (const KnownProgram& program : known_programs()) {
    if (has(program.images, image)) return {&program, "its image's name"};
  }
  for (const std::string_view word : words_of(container)) {
    const std::string_view name = file_name(word);
    if (word.starts_with('-') || has(kWrappers, name)) continue;
    for (const KnownProgram& program : known_programs()) {
      if (has(program.commands, name)) return {&program, "its command"};
    }
  }
  return {};
}

std::vector<NamedPath> paths_of_options(const KnownProgram& program, const Container& container) {
  const std::vector<std::string_view> words = words_of(container);
  std::set<NamedPath> found;
  for (const WriteOption& option : program.options) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string_view value = value_at(option.option, words, i);
      if (!is_absolute(value)) continue;
      std::string path = without_slashes_at_end(value);
      if (option.names == WriteOption::Names::file) path = path.substr(0, path.rfind('/'));
      if (!option.below.empty()) path += '/' + std::string(option.below);
      if (path.empty() || path == "/") continue;
      found.insert({std::move(path), option.use, std::string(option.option)});
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace initscan::audit
