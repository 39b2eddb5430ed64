#include "common/config/from_yaml.h"

#include "common/text/ascii.h"
#include "common/yaml/load_all.h"

#include <charconv>
#include <set>
#include <string>

#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

constexpr std::string_view kPlain = "?";  // yaml-cpp's tag of a scalar without quotation marks

ConfigPlace place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1, nullptr};
}

bool is_number(const std::string& words) {
  double number = 0;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  return is_digit(words.back()) && error != std::errc::invalid_argument && end == words.data() + words.size();
}

ConfigKind kind_of_scalar(const YAML::Node& node) {
  const std::string& words = node.Scalar();
  if (node.Tag() != kPlain || words.empty()) return ConfigKind::text;
  if (words == "true" || words == "false") return ConfigKind::boolean;
  return is_number(words) ? ConfigKind::number : ConfigKind::text;
}

bool is_merge(const YAML::Node& key) {
  return key.Tag() == kPlain && key.Scalar() == "<<";
}

// Makes the tree of one document. An alias is read again wherever it stands, so that what it costs is counted.
class Maker {
 public:
  Result<void> make(const YAML::Node& from, std::size_t depth, ConfigNode& to) {
    to.place = place_of(from.Mark());
    if (auto taken = budget_.take(to.place, depth); !taken) return taken;
    if (from.IsMap()) return make_mapping(from, depth, to);
    if (from.IsSequence()) return make_list(from, depth, to);
    if (!from.IsScalar()) return {};
    to.kind = kind_of_scalar(from);
    to.words = from.Scalar();
    return {};
  }

 private:
  Result<void> make_list(const YAML::Node& from, std::size_t depth, ConfigNode& to) {
    to.kind = ConfigKind::list;
    for (const YAML::Node& item : from) {
      if (auto made = make(item, depth + 1, to.items.emplace_back()); !made) return made;
    }
    return {};
  }

  Result<void> make_mapping(const YAML::Node& from, std::size_t depth, ConfigNode& to) {
    to.kind = ConfigKind::mapping;
    std::vector<YAML::Node> merged;
    for (const auto& entry : from) {
      const ConfigPlace place = place_of(entry.first.Mark());
      if (!entry.first.IsScalar()) return at_place(place, "want plain text as a key");
      if (is_merge(entry.first)) {
        merged.push_back(entry.second);
        continue;
      }
      ConfigEntry& made = to.entries.emplace_back(ConfigEntry{entry.first.Scalar(), place, {}});
      if (auto done = make(entry.second, depth + 1, made.value); !done) return done;
    }
    for (const YAML::Node& source : merged) {
      if (auto done = merge(source, depth + 1, to); !done) return done;
    }
    return {};
  }

  // Of a list the first mapping that gives a key counts.
  Result<void> merge(const YAML::Node& from, std::size_t depth, ConfigNode& to) {
    ConfigNode source;
    if (auto made = make(from, depth, source); !made) return made;
    if (source.kind == ConfigKind::mapping) return take_over({std::move(source)}, to);
    if (source.kind == ConfigKind::list) return take_over(std::move(source.items), to);
    return at_place(source.place, "want a mapping to merge");
  }

  static Result<void> take_over(std::vector<ConfigNode> sources, ConfigNode& to) {
    std::set<std::string, std::less<>> given;
    for (const ConfigEntry& entry : to.entries) given.insert(entry.key);
    for (ConfigNode& source : sources) {
      if (source.kind != ConfigKind::mapping) return at_place(source.place, "want a mapping to merge");
      std::erase_if(source.entries, [&](const ConfigEntry& entry) { return given.contains(entry.key); });
      for (ConfigEntry& entry : source.entries) {
        given.insert(entry.key);
        to.entries.push_back(std::move(entry));
      }
    }
    return {};
  }

  ConfigBudget budget_;
};

}  // namespace

Result<std::vector<ConfigNode>> config_documents(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(most_bytes) + " bytes"};
  }
  if (auto done = check_text(text); !done) return done.error();
  try {
    std::vector<ConfigNode> documents;
    for (const YAML::Node& document : load_all_yaml(std::string(text))) {
      if (auto made = Maker().make(document, 0, documents.emplace_back()); !made) return made.error();
    }
    return documents;
  } catch (const YAML::Exception& e) { return at_place(place_of(e.mark), "not YAML: " + e.msg); }
}

Result<ConfigNode> config_from_yaml(std::string_view text, std::string_view what, std::size_t most_bytes) {
  auto documents = config_documents(text, most_bytes);
  if (!documents) return documents.error();
  const std::string name(what);
  if (documents->empty() || documents->front().kind == ConfigKind::null) {
    return Error{Errc::malformed, "no " + name + " in it"};
  }
  if (documents->size() > 1) return at_place((*documents)[1].place, "a second document; want one " + name);
  return std::move(documents->front());
}

}  // namespace initscan
