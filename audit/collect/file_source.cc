#include "audit/collect/file_source.h"

#include "audit/collect/facts_builder.h"
#include "audit/collect/pod_reader.h"
#include "audit/collect/seen_pods.h"
#include "common/json/element.h"

#include <algorithm>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxOtherKinds = 100;  // that are counted by name
const std::string kIn = "pods in ";

bool is_pod(std::string_view api_version, std::string_view kind) {
  return kind == "Pod" && (api_version.empty() || api_version == "v1");
}

// What an API server answers instead of what it was asked for: a file that contains it is incomplete.
std::string refusal(const simdjson::dom::element& status) {
  const std::string_view message = text_in(status, "message");
  return "the API server's refusal takes the place of objects" + (message.empty() ? "" : ": " + std::string(message));
}

// "pod shop/web-1" where the object says so, else its place.
std::string pod_place(const simdjson::dom::element& object, const std::string& place) {
  const auto metadata = object["metadata"];
  const std::string_view name = text_in(metadata, "name");
  if (name.empty()) return kIn + place;
  return std::string("pod ").append(text_in(metadata, "namespace", "default")).append("/").append(name);
}

}  // namespace

Result<std::unique_ptr<FileSource>> FileSource::open(const std::vector<std::string>& arguments) {
  auto found = find_input_files(arguments);
  if (!found) return found.error();
  std::vector<ObjectFile> files;
  for (InputFile& file : *found) files.emplace_back(std::move(file));
  return std::unique_ptr<FileSource>(new FileSource(std::move(files)));
}

Result<ClusterFacts> FileSource::facts() {
  FactsBuilder builder;
  ObjectVisitor visitor;
  visitor.object = [&](std::string_view api_version, std::string_view kind, const auto& object, const std::string&) {
    if (const auto* names = fact_kind_of(api_version, kind)) builder.add(names->kind, object);
  };
  visitor.unreadable = [](const std::string&, const Error&) {};  // pods() says it

  const auto visit_all = [&]() -> Result<void> {
    for (ObjectFile& file : files_) {
      // A file that ends early has its pods to the end, and pods() says that it does.
      if (auto visited = file.visit(visitor); !visited && visited.error().code == Errc::io) {
        return std::move(visited).error().within(file.name());
      }
    }
    return {};
  };
  if (auto visited = visit_all(); !visited) return visited.error();
  const auto wants_another = [](const ObjectFile& file) { return file.wants_another_visit(); };
  if (std::any_of(files_.begin(), files_.end(), wants_another)) {
    builder = {};
    if (auto visited = visit_all(); !visited) return visited.error();
  }
  for (const FactKindNames& names : kFactKindNames) {
    if (builder.count(names.kind) > 0) {
      builder.known(names.kind);
    } else {
      builder.not_given(names.kind, "no " + std::string(names.object) + " in the input; kubectl get " +
                                        std::string(names.collection) + " -A -o json gives them");
    }
  }
  return std::move(builder).finish();
}

std::string FileSource::no_pods() const {
  std::string text = "no Pod in the input";
  std::size_t named = 0;
  for (const auto& [kind, count] : other_kinds_) {
    if (++named > 3) break;
    text += (named == 1 ? ", but " : ", ") + std::to_string(count) + ' ' + kind;
  }
  return text + "; kubectl get pods -A -o json lists what runs";
}

Result<std::vector<Gap>> FileSource::pods(const OnPod& on_pod) {
  GapList gaps;
  SeenPods seen;
  std::size_t pods = 0;
  ObjectVisitor visitor;
  visitor.object = [&](std::string_view api_version, std::string_view kind, const auto& object,
                       const std::string& place) {
    if (kind == "Status" && api_version == "v1") return gaps.add(kIn + place, refusal(object));
    if (!is_pod(api_version, kind)) {
      if (fact_kind_of(api_version, kind) == nullptr && other_kinds_.size() < kMaxOtherKinds) {
        ++other_kinds_[std::string(kind)];
      }
      return;
    }
    ++pods;
    const auto pod = read_pod(object);
    if (!pod) {
      gaps.add(pod_place(object, place), pod.error().text);
    } else if (seen.add(*pod)) {
      on_pod(*pod);
    }
  };
  visitor.unreadable = [&](const std::string& place, const Error& error) { gaps.add(kIn + place, error.text); };
  for (ObjectFile& file : files_) {
    if (auto visited = file.visit(visitor); !visited) gaps.add(kIn + file.name(), visited.error().text);
  }
  if (pods == 0) gaps.add("pods", no_pods());
  const auto any_file = [&](bool (ObjectFile::*says)() const) {
    return std::any_of(files_.begin(), files_.end(), [says](const ObjectFile& file) { return (file.*says)(); });
  };
  if (any_file(&ObjectFile::has_page_before_last) && !any_file(&ObjectFile::has_last_page)) {
    gaps.add("pods", "the list of pods continues after the pages that were given (metadata.continue)");
  }
  return gaps.take();
}

}  // namespace initscan::audit
