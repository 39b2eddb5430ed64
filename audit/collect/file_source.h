#pragma once

#include "audit/collect/object_file.h"
#include "audit/collect/source.h"

#include <map>
#include <string>
#include <vector>

namespace initscan::audit {

// An audit of files that kubectl wrote. They are read twice, because facts may be anywhere in them: first the facts,
// then the pods. A pod is held only while it is looked at.
class FileSource : public Source {
 public:
  /// Errors: of find_input_files.
  static Result<std::unique_ptr<FileSource>> open(const std::vector<std::string>& arguments);

  Result<ClusterFacts> facts() override;
  Result<std::vector<Gap>> pods(const OnPod& on_pod) override;

 private:
  explicit FileSource(std::vector<ObjectFile> files) : files_(std::move(files)) {}
  std::string no_pods() const;

  std::vector<ObjectFile> files_;
  std::map<std::string, std::size_t, std::less<>> other_kinds_;  // objects that the audit does not look at
};

}  // namespace initscan::audit
