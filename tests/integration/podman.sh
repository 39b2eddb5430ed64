# How the demo and the integration tests use podman: storage of its own, and what restricted machines need.
# To be sourced.

# podman_start FOLDER: 0 where containers run here; otherwise podman_reason says why not.
podman_start() {
  podman_folder=$1
  podman_reason=""
  mkdir -p "$podman_folder"
  if [ "$(id -u)" != 0 ]; then podman_reason="it is set up for root only"; return 1; fi
  if ! command -v podman >/dev/null; then podman_reason="podman is not installed"; return 1; fi
  cat >"$podman_folder/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
CONF
  # The smallest image that proves that a container runs: one static program.
  local probe=$podman_folder/probe output
  mkdir -p "$probe"
  printf 'int main(void) { return 0; }\n' | gcc -static -Os -x c -o "$probe/probe" -
  if ! output=$({ tar -C "$probe" -c . | play_podman import -q - localhost/initscan-probe:1 &&
    play_podman run --rm --network host localhost/initscan-probe:1 /probe; } 2>&1); then
    podman_reason=$(printf '%s' "$output" | tail -n 1)
    podman_stop
    return 1
  fi
}

# Lets go of the folder: podman keeps its layers mounted onto themselves.
podman_stop() { umount "$podman_folder/root/overlay" 2>/dev/null || true; }

play_podman() {
  CONTAINERS_CONF=$podman_folder/containers.conf podman --root "$podman_folder/root" \
    --runroot "$podman_folder/run" --cgroup-manager cgroupfs "$@"
}

# scanner_image FOLDER BIN INDEX NAME: our image as deploy/images/Containerfile makes it, of the binaries in BIN.
scanner_image() {
  local root=$1/scanner
  "$(dirname "${BASH_SOURCE[0]}")/../../deploy/images/assemble" "$2" "$root"
  cp "$3" "$root/usr/share/initscan/advisories.db"
  tar -C "$root" -c . | play_podman import -q --change 'ENTRYPOINT ["/usr/bin/initscan"]' --change 'USER 65532:65532' - "$4" >/dev/null
}
