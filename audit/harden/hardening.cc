#include "audit/harden/hardening.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace initscan::audit {
namespace {

constexpr std::int64_t kFirstUnprivilegedPort = 1024;

enum class User : std::uint8_t { root, other, unknown };

User user_of(const Pod& pod, const Container& container) {
  const auto user = container.security.run_as_user ? container.security.run_as_user : pod.security.run_as_user;
  if (user) return *user == 0 ? User::root : User::other;
  const auto non_root =
      container.security.run_as_non_root ? container.security.run_as_non_root : pod.security.run_as_non_root;
  return non_root.value_or(false) ? User::other : User::unknown;
}

// "CAP_SYS_ADMIN" and "sys_admin" are the same to runtimes.
std::string capability_name(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name.starts_with("CAP_") ? name.substr(4) : name;
}

std::set<std::string> capability_names(const std::vector<std::string>& names) {
  std::set<std::string> out;
  for (const std::string& name : names) out.insert(capability_name(name));
  return out;
}

class Hardener {
 public:
  Hardener(const Pod& pod, const Container& container)
      : pod_(pod), container_(container), security_(container.security), facts_(program_of(container)) {}

  Hardening harden(const std::optional<std::vector<FileChange>>& observed) && {
    if (!security_.read_only_root.value_or(false)) {
      out_.read_only_root = true;
      WritePlan plan = plan_writes(container_, observed);
      out_.volumes = std::move(plan.volumes);
      out_.notes = std::move(plan.notes);
    }
    if (security_.privileged.value_or(false)) {
      out_.notes.emplace_back(
          "it is privileged, which undoes everything else: remove privileged first, and add only the capabilities and "
          "devices that it uses");
      return std::move(out_);
    }
    set_capabilities();
    set_escalation();
    set_seccomp();
    return std::move(out_);
  }

 private:
  void set_capabilities() {
    const std::set<std::string> dropped = capability_names(security_.drop_capabilities);
    std::set<std::string> added = capability_names(security_.add_capabilities);
    if (dropped.count("ALL")) return;
    if (added.count("ALL")) {
      out_.notes.emplace_back("it adds all capabilities: find out which ones it uses, and add only those");
      return;
    }
    for (const std::string& name : added) {
      if (name != "NET_BIND_SERVICE")
        out_.notes.push_back("capability " + name + " is kept because the manifest adds it");
    }
    const User user = user_of(pod_, container_);
    if (user != User::other) {
      if (facts_.program) {
        for (const std::string_view name : facts_.program->root_capabilities) added.emplace(name);
      } else {
        out_.notes.emplace_back(user == User::root ? "it runs as root, and its program is not known: add CHOWN, SETGID "
                                                     "and SETUID if it changes owners or users, "
                                                     "DAC_OVERRIDE if it reads files that only other users may read"
                                                   : "its user is the image's: if that is root, add CHOWN, SETGID and "
                                                     "SETUID if it changes owners or users, "
                                                     "DAC_OVERRIDE if it reads files that only other users may read");
      }
    }
    const bool binds = binds_a_low_port(user);
    if (binds) added.insert("NET_BIND_SERVICE");
    if (binds && user == User::other && !pod_.host_network) {
      out_.notes.emplace_back(
          "NET_BIND_SERVICE alone has no effect for users other than root: listen on port 1024 or above, or set the "
          "pod's sysctl net.ipv4.ip_unprivileged_port_start to 0, unless the runtime does so");
    }
    out_.add_capabilities.emplace(added.begin(), added.end());
  }

  bool binds_a_low_port(User user) const {
    const auto is_low = [](std::int64_t port) { return port > 0 && port < kFirstUnprivilegedPort; };
    if (std::any_of(container_.ports.begin(), container_.ports.end(), is_low)) return true;
    // If the manifest does not say, the program's own habit counts; a user other than root never had that choice.
    return container_.ports.empty() && facts_.program && user != User::other && !facts_.program->ports.empty();
  }

  void set_escalation() {
    if (capability_names(security_.add_capabilities).count("SYS_ADMIN")) {
      out_.notes.emplace_back(
          "it adds SYS_ADMIN, with which the API server does not accept allowPrivilegeEscalation: false");
    } else if (security_.allow_privilege_escalation.value_or(true)) {
      out_.no_privilege_escalation = true;
    }
  }

  void set_seccomp() {
    const std::optional<Profile>& profile = security_.seccomp ? security_.seccomp : pod_.security.seccomp;
    out_.runtime_seccomp = !profile || (profile->type != "RuntimeDefault" && profile->type != "Localhost");
  }

  const Pod& pod_;
  const Container& container_;
  const SecurityContext& security_;
  const ProgramFacts facts_;
  Hardening out_;
};

}  // namespace

Hardening harden(const Pod& pod, const Container& container, const std::optional<std::vector<FileChange>>& observed) {
  return Hardener(pod, container).harden(observed);
}

}  // namespace initscan::audit
