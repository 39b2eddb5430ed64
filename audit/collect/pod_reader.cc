#include "audit/collect/pod_reader.h"

#include "audit/collect/json_fields.h"
#include "audit/collect/own_containers.h"

namespace initscan::audit {
namespace {

std::optional<Profile> read_profile(const JsonFields& context, std::string_view key) {
  const JsonFields profile = context.object(key);
  if (!profile.exists()) return std::nullopt;
  return Profile{std::string(profile.text("type")), std::string(profile.text("localhostProfile"))};
}

std::optional<SeLinuxOptions> read_selinux(const JsonFields& context) {
  const JsonFields options = context.object("seLinuxOptions");
  if (!options.exists()) return std::nullopt;
  return SeLinuxOptions{std::string(options.text("user")), std::string(options.text("role")),
                        std::string(options.text("type")), std::string(options.text("level"))};
}

// Of a pod or of a container: each says what it has.
SecurityContext read_security(const JsonFields& parent) {
  const JsonFields context = parent.object("securityContext");
  const JsonFields capabilities = context.object("capabilities");
  const JsonFields windows = context.object("windowsOptions");
  SecurityContext security;
  security.privileged = context.flag("privileged");
  security.allow_privilege_escalation = context.flag("allowPrivilegeEscalation");
  security.read_only_root = context.flag("readOnlyRootFilesystem");
  security.run_as_non_root = context.flag("runAsNonRoot");
  security.run_as_user = context.number("runAsUser");
  security.run_as_group = context.number("runAsGroup");
  security.add_capabilities = capabilities.texts("add");
  security.drop_capabilities = capabilities.texts("drop");
  security.seccomp = read_profile(context, "seccompProfile");
  security.apparmor = read_profile(context, "appArmorProfile");
  security.selinux = read_selinux(context);
  security.host_process = windows.flag("hostProcess");
  security.proc_mount = context.text("procMount");
  context.each("sysctls", kMaxListEntries,
               [&](const JsonFields& sysctl) { security.sysctls.emplace_back(sysctl.text("name")); });
  return security;
}

std::vector<Mount> read_mounts(const JsonFields& container) {
  std::vector<Mount> mounts;
  container.each("volumeMounts", kMaxPodVolumes, [&](const JsonFields& fields) {
    Mount mount;
    mount.volume = fields.text("name");
    mount.path = fields.text("mountPath");
    mount.sub_path = fields.text("subPath");
    if (mount.sub_path.empty()) mount.sub_path = fields.text("subPathExpr");
    mount.read_only = fields.flag("readOnly").value_or(false);
    const std::string_view recursive = fields.text("recursiveReadOnly");
    mount.recursive_read_only = !recursive.empty() && recursive != "Disabled";
    mounts.push_back(std::move(mount));
  });
  return mounts;
}

std::vector<EnvironmentVariable> read_environment(const JsonFields& container) {
  std::vector<EnvironmentVariable> environment;
  container.each("envFrom", kMaxPodEnvironment, [&](const JsonFields& fields) {
    environment.push_back({std::string(fields.text("prefix")) + '*', {}, std::string(fields.other_key("prefix"))});
  });
  container.each("env", kMaxPodEnvironment, [&](const JsonFields& fields) {
    const JsonFields from = fields.object("valueFrom");
    environment.push_back(
        {std::string(fields.text("name")), std::string(fields.text("value")), std::string(from.other_key(""))});
  });
  return environment;
}

// Of a container or of the pod.
Amounts read_amounts(const JsonFields& parent, std::string_view key) {
  const JsonFields resources = parent.object("resources");
  const JsonFields amounts = resources.object(key);
  return {amounts.has("cpu"), amounts.has("memory"), amounts.has("ephemeral-storage")};
}

// What the kubelet says and does on the container's behalf: a host of "" or none is the pod itself.
void read_handler(const JsonFields& parent, std::string_view key, Container& container) {
  const JsonFields handler = parent.object(key);
  for (const std::string_view action : {"httpGet", "tcpSocket"}) {
    const JsonFields target = handler.object(action);
    if (const std::string_view host = target.text("host"); !host.empty()) container.handler_hosts.emplace_back(host);
    target.each("httpHeaders", kMaxListEntries, [&](const JsonFields& header) {
      container.handler_headers.push_back({std::string(header.text("name")), std::string(header.text("value"))});
    });
  }
  const JsonFields exec = handler.object("exec");
  for (std::string& word : exec.texts("command")) container.handler_words.push_back(std::move(word));
}

void read_handlers(const JsonFields& fields, Container& container) {
  for (const std::string_view probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    read_handler(fields, probe, container);
  }
  const JsonFields lifecycle = fields.object("lifecycle");
  for (const std::string_view hook : {"postStart", "preStop"}) read_handler(lifecycle, hook, container);
}

Container read_container(const JsonFields& fields, ContainerKind kind) {
  Container container;
  container.name = fields.text("name");
  container.kind = kind;
  if (kind == ContainerKind::init && fields.text("restartPolicy") == "Always") container.kind = ContainerKind::sidecar;
  container.image = fields.text("image");
  container.pull_policy = fields.text("imagePullPolicy");
  container.command = fields.texts("command");
  container.args = fields.texts("args");
  container.security = read_security(fields);
  container.mounts = read_mounts(fields);
  fields.each("ports", kMaxListEntries, [&](const JsonFields& port) {
    if (const auto own = port.number("containerPort").value_or(0); own != 0) container.ports.push_back(own);
    if (const auto host = port.number("hostPort").value_or(0); host != 0) container.host_ports.push_back(host);
  });
  read_handlers(fields, container);
  container.environment = read_environment(fields);
  container.requests = read_amounts(fields, "requests");
  container.limits = read_amounts(fields, "limits");
  return container;
}

Volume read_volume(const JsonFields& fields) {
  const JsonFields host_path = fields.object("hostPath");
  const JsonFields image = fields.object("image");
  const JsonFields csi = fields.object("csi");
  Volume volume;
  volume.name = fields.text("name");
  // The API accepts one source; a file may name more, and hostPath must not hide behind another.
  volume.kind = host_path.exists() ? std::string_view("hostPath") : fields.other_key("name");
  volume.host_path = host_path.text("path");
  volume.image = image.text("reference");
  volume.driver = csi.text("driver");
  return volume;
}

// The bits that were mounted for volumes of images.
StringMap read_volume_images(const JsonFields& fields) {
  StringMap images;
  fields.each("volumeMounts", kMaxPodVolumes, [&](const JsonFields& mount) {
    const JsonFields status = mount.object("volumeStatus");
    const JsonFields image = status.object("image");
    if (image.exists()) images.emplace(mount.text("name"), image.text("imageRef"));
  });
  return images;
}

ContainerStatus read_status(const JsonFields& fields) {
  const JsonFields state = fields.object("state");
  const JsonFields last_state = fields.object("lastState");
  const JsonFields running = state.object("running");
  const JsonFields ended = state.object("terminated");
  const JsonFields ended_before = last_state.object("terminated");
  ContainerStatus status;
  status.known = true;
  // The API's default if none of the three is given.
  status.state = ContainerState::waiting;
  if (running.exists()) status.state = ContainerState::running;
  if (ended.exists()) status.state = ContainerState::terminated;
  status.exit_code = ended.number("exitCode");
  status.last_exit_code = ended_before.number("exitCode");
  status.message = (ended.exists() ? ended : ended_before).text("message");
  status.volume_images = read_volume_images(fields);
  status.started = running.time("startedAt");
  status.restarts = fields.number("restartCount").value_or(0);
  // The kubelet's old way to say that a runtime could pull by this name.
  constexpr std::string_view kPullable = "docker-pullable://";
  std::string_view image = fields.text("imageID");
  if (image.starts_with(kPullable)) image.remove_prefix(kPullable.size());
  status.image_id = image;
  status.container_id = fields.text("containerID");
  return status;
}

// A list of containers and the list of what the kubelet says of them.
struct ContainerList {
  ContainerKind kind;
  std::string_view containers;
  std::string_view statuses;
};

constexpr ContainerList kLists[] = {
    {ContainerKind::init, "initContainers", "initContainerStatuses"},
    {ContainerKind::regular, "containers", "containerStatuses"},
    {ContainerKind::ephemeral, "ephemeralContainers", "ephemeralContainerStatuses"},
};

void read_containers(const JsonFields& spec, const JsonFields& status, const ContainerList& list, Pod& pod) {
  std::map<std::string_view, ContainerStatus> statuses;
  status.each(list.statuses, kMaxPodContainers,
              [&](const JsonFields& fields) { statuses.try_emplace(fields.text("name"), read_status(fields)); });
  spec.each(list.containers, kMaxPodContainers, [&](const JsonFields& fields) {
    Container container = read_container(fields, list.kind);
    if (container.name.empty()) fields.fail("name", "missing");
    if (const auto found = statuses.find(container.name); found != statuses.end()) container.status = found->second;
    pod.containers.push_back(std::move(container));
  });
}

void read_metadata(const JsonFields& object, Pod& pod) {
  const JsonFields metadata = object.object("metadata");
  pod.name = metadata.text("name");
  if (pod.name.empty()) metadata.fail("name", "missing");
  pod.namespace_ = metadata.text("namespace");
  if (pod.namespace_.empty()) pod.namespace_ = "default";
  pod.uid = metadata.text("uid");
  pod.created = metadata.time("creationTimestamp");
  pod.is_being_deleted = metadata.has("deletionTimestamp");
  pod.labels = metadata.text_map("labels");
  pod.annotations = metadata.text_map("annotations");
  metadata.each("ownerReferences", kMaxListEntries, [&](const JsonFields& owner) {
    if (!owner.flag("controller").value_or(false) || pod.owner) return;
    pod.owner = OwnerReference{std::string(owner.text("kind")), std::string(owner.text("name")),
                               std::string(owner.text("uid"))};
  });
}

void read_spec(const JsonFields& object, Pod& pod) {
  const JsonFields spec = object.object("spec");
  const JsonFields os = spec.object("os");
  const JsonFields status = object.object("status");
  pod.node = spec.text("nodeName");
  pod.phase = status.text("phase");
  pod.os = os.text("name");
  pod.service_account = spec.text("serviceAccountName");
  pod.runtime_class = spec.text("runtimeClassName");
  pod.automount_token = spec.flag("automountServiceAccountToken");
  pod.host_network = spec.flag("hostNetwork").value_or(false);
  pod.host_pid = spec.flag("hostPID").value_or(false);
  pod.host_ipc = spec.flag("hostIPC").value_or(false);
  pod.host_users = spec.flag("hostUsers");
  pod.security = read_security(spec);
  pod.limits = read_amounts(spec, "limits");
  spec.each("volumes", kMaxPodVolumes, [&](const JsonFields& volume) { pod.volumes.push_back(read_volume(volume)); });
  if (!spec.has("containers")) spec.fail("containers", "missing");
  for (const ContainerList& list : kLists) read_containers(spec, status, list, pod);
  set_own_apart(spec, pod);
}

}  // namespace

Result<Pod> read_pod(const simdjson::dom::element& object) {
  std::optional<Error> error;
  const JsonFields fields(object, error);
  Pod pod;
  read_metadata(fields, pod);
  read_spec(fields, pod);
  if (error) return std::move(*error);
  return pod;
}

}  // namespace initscan::audit
