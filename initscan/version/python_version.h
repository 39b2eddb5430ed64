#pragma once

#include <optional>
#include <string_view>

namespace initscan {

// A word of a version with its number, of which an absent one counts as 0.
struct PythonStage {
  int word = -1;  // in the order of prereleases: a, b, rc; -1: the part is absent
  std::string_view number{};

  bool is_there() const { return word >= 0; }
};

// [EPOCH!]RELEASE[{a|b|rc}N][.postN][.devN][+LOCAL]
struct PythonVersion {
  std::string_view epoch{};
  std::string_view release{};
  PythonStage pre{}, post{}, dev{};
  std::string_view local{};
};

/// nullopt for what PEP 440 does not take.
std::optional<PythonVersion> read_python_version(std::string_view text);

}  // namespace initscan
