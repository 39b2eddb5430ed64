#include "audit/harden/patch.h"
#include "common/crypto/sha256.h"

#include <optional>

namespace initscan::audit {
namespace {

// Writes values so that no two lists of them are the same text: each text and list has its length before it.
class Fields {
 public:
  void add(std::string_view text) {
    add(text.size());
    text_ += text;
  }
  void add(std::integral auto number) { text_ += std::to_string(number) + ','; }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    add(values.size());
    for (const T& value : values) add(value);
  }

  void add(const Profile& profile) { add(profile.type); }
  void add(const Volume& volume) { add(volume.name); }
  void add(const Mount& mount) {
    add(mount.path);
    add(mount.read_only);
  }
  void add(const SecurityContext& security) {
    add(security.privileged);
    add(security.allow_privilege_escalation);
    add(security.read_only_root);
    add(security.run_as_non_root);
    add(security.run_as_user);
    add(security.add_capabilities);
    add(security.drop_capabilities);
    add(security.seccomp);
  }
  void add(const Container& container) {
    add(static_cast<int>(container.kind));
    if (container.kind == ContainerKind::ephemeral) return;  // gone with the pod
    add(container.name);
    add(container.image);
    add(container.command);
    add(container.args);
    add(container.security);
    add(container.mounts);
    add(container.ports);
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::string template_digest(const Pod& pod, std::string_view os) {
  Fields fields;
  fields.add(os);
  fields.add(pod.host_network);
  fields.add(pod.security);
  fields.add(pod.volumes);
  fields.add(pod.containers);
  return sha256_hex(fields.text());
}

}  // namespace initscan::audit
