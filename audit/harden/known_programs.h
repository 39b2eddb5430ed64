#pragma once

#include "audit/model/pod.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// What becomes of what is written to a directory.
enum class WriteUse : std::uint8_t {
  scratch,  // may be lost at any time
  runtime,  // process ids and sockets: small, in memory
  logs,     // read by someone who looks into the container
  data,     // what the program exists for; lost with the pod unless a volume keeps it
};

struct WritePath {
  std::string_view path;  // absolute; used for nothing else, so that nothing that the image needs is hidden
  WriteUse use = WriteUse::scratch;
};

// An option that names a place to write to: "--dir /data", "--datadir=/data", "-Djava.io.tmpdir=/tmp".
struct WriteOption {
  enum class Names : std::uint8_t { directory, file };
  std::string_view option;  // as it starts; its value follows after '=', after a space, or at once where it ends in '='
  Names names = Names::directory;
  WriteUse use = WriteUse::data;
  std::string_view below = {};  // the part of that directory that is written: "work"; "": all of it
};

// Facts about a program: where it writes, and what it may do as root.
struct KnownProgram {
  std::string_view name;
  std::vector<std::string_view> images;    // last part of an image's name, without tag; their layout
  std::vector<std::string_view> commands;  // file name of what is started; the layout of Debian's packages
  std::vector<WritePath> paths;
  std::vector<WriteOption> options;
  std::vector<std::string_view> root_capabilities;  // that it uses where it starts as root, all others dropped
  std::vector<std::int64_t> ports;                  // below 1024 that it listens on unless told otherwise
  std::string_view note = {};                       // what else a person should know
};

/// All there are. More specific ones come first: the first that matches is the one.
std::span<const KnownProgram> known_programs();

// What the facts say of one container.
struct ProgramFacts {
  const KnownProgram* program = nullptr;  // nullptr: nobody known
  std::string by;                         // "its image's name", "its command"
};

/// Which program a container runs, by its image's name first, then by the words of its command line.
ProgramFacts program_of(const Container& container);

// A directory that the command line itself names.
struct NamedPath {
  std::string path;
  WriteUse use = WriteUse::scratch;
  std::string option;

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const NamedPath&) const = default;
};

/// The directories to be written that a container's command line names, by the options of its program.
std::vector<NamedPath> paths_of_options(const KnownProgram& program, const Container& container);

/// "nginx" of "registry.example:5000/library/nginx:1.25@sha256:...".
std::string_view image_basename(std::string_view image);

}  // namespace initscan::audit
