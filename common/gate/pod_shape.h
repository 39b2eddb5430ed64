#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What of a pod shows whether its gate is initscan's, whatever the pod was read with.

// A value that a container sets, with the way to it: "securityContext/capabilities/drop/0".
struct Setting {
  std::string path;
  std::string value;  // the text; true, 65532; {} and [] of what is empty; "" of any other kind
  bool is_text = false;

  bool operator==(const Setting&) const = default;
};

/// The way to a member: one whose own name contains a slash is not taken for a deeper one.
inline std::string path_below(const std::string& path, std::string_view key) {
  std::string whole = path.empty() ? path : path + '/';
  for (const char c : key) c == '/' ? whole.append("~1") : whole.append(1, c);
  return whole;
}

struct MountShape {
  std::string volume;
  std::string path;
  bool read_only = false;
  bool says_more = false;  // than these three
};

struct ContainerShape {
  std::string name;
  bool is_init = false;  // among the init containers
  std::vector<MountShape> mounts;
  // Of those with names of initscan's alone:
  std::string image;
  std::vector<std::string> command;
  std::vector<std::string> args;  // "" in the place of what is no text
  std::vector<Setting> settings;  // all else that it says
};

struct VolumeShape {
  std::string name;
  std::vector<std::string> sources;  // emptyDir, image, hostPath, ...; the API accepts one
  std::string image;                 // the reference of an image's
  bool has_medium = false;           // of an emptyDir: not the node's own disk
  std::vector<Setting> settings;     // of the volume with the token for a server: all that it says but its name
};

struct PodShape {
  std::string namespace_;
  std::vector<ContainerShape> containers;  // init containers first
  std::vector<VolumeShape> volumes;
};

}  // namespace initscan
