"""Pods as a cluster of any size has them: of Deployments, each with its ReplicaSet, as kubectl prints them."""

import concurrent.futures
import json

STARTED = "2026-06-01T00:00:00Z"


def uid(kind, number):
    return f"{kind:08x}-0000-4000-8000-{number:012x}"


def container(name, number):
    return {
        "name": name,
        "image": f"registry.example.com/team-{number % 40}/{name}-{number % 200}:1.{number % 7}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["--listen=:8080", "--log-level=info"],
        "env": [{"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
                {"name": "DATABASE_HOST", "value": f"db-{number % 50}.internal"},
                {"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}],
        "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10},
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "securityContext": {"allowPrivilegeEscalation": number % 3 != 0, "readOnlyRootFilesystem": number % 4 == 0,
                            "capabilities": {"drop": ["ALL"]} if number % 2 else {}},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [{"mountPath": "/data", "name": "data"},
                         {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access", "readOnly": True}],
    }


def status(name, number):
    digest = f"{number % 200:064x}"
    return {"name": name, "ready": True, "started": True, "restartCount": number % 5,
            "image": f"registry.example.com/{name}", "imageID": f"registry.example.com/{name}@sha256:{digest}",
            "containerID": f"containerd://{number:064x}", "state": {"running": {"startedAt": STARTED}}, "lastState": {}}


def pod(number, owners, with_status=True):
    """The number-th pod: two containers, a token, and what defaulting and the kubelet add. It belongs to the
    number-th owner, counted round, and stands on a node with the other replicas of its count."""
    replica, owner = divmod(number, owners)
    namespace = f"team-{owner % 40}"
    names = ["app", "proxy"]
    made = {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": f"app-{owner}-7d9c5b8f6-{number:06x}", "namespace": namespace, "generateName": f"app-{owner}-7d9c5b8f6-",
            "labels": {"app": f"app-{owner}", "pod-template-hash": "7d9c5b8f6", "team": namespace},
            "annotations": {"prometheus.io/scrape": "true"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"app-{owner}-7d9c5b8f6",
                                 "uid": uid(2, owner), "controller": True, "blockOwnerDeletion": True}],
        },
        "spec": {
            "containers": [container(name, owner) for name in names],
            "nodeName": f"worker-{replica % 100}", "serviceAccountName": "default", "serviceAccount": "default",
            "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "enableServiceLinks": True, "priority": 0,
            "schedulerName": "default-scheduler", "securityContext": {}, "terminationGracePeriodSeconds": 30,
            "tolerations": [{"effect": "NoExecute", "key": f"node.kubernetes.io/{key}", "operator": "Exists", "tolerationSeconds": 300}
                            for key in ("not-ready", "unreachable")],
            "volumes": [{"name": "data", "emptyDir": {}},
                        {"name": "kube-api-access", "projected": {"defaultMode": 420, "sources": [
                            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                            {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}}]}}],
        },
    }
    if with_status:
        made["metadata"].update(uid=uid(1, number), creationTimestamp=STARTED, resourceVersion=str(number))
        made["status"] = {"phase": "Running", "qosClass": "Burstable", "hostIP": "10.0.0.1", "podIP": "10.1.0.1", "startTime": STARTED,
                          "conditions": [{"type": kind, "status": "True", "lastTransitionTime": STARTED}
                                         for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")],
                          "containerStatuses": [status(name, owner) for name in names]}
    return made


def replica_set(owner):
    name = f"app-{owner}"
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {"name": f"{name}-7d9c5b8f6", "namespace": f"team-{owner % 40}", "uid": uid(2, owner),
                         "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": name,
                                              "uid": uid(3, owner), "controller": True}]}}


def write_list(path, pods, owners, indent=4):
    """A List as `kubectl get pods,replicasets -A -o json` writes it; `kind` stands behind the items."""
    with open(path, "w") as file:
        file.write('{"apiVersion": "v1", "items": [\n')
        for number in range(pods):
            file.write(json.dumps(pod(number, owners), indent=indent) + ",\n")
        file.write(",\n".join(json.dumps(replica_set(owner), indent=indent) for owner in range(owners)))
        file.write('\n], "kind": "List", "metadata": {"resourceVersion": ""}}\n')


def write_bare_list(path, pods, indent=4):
    """The same for pods that nobody owns."""
    with open(path, "w") as file:
        file.write('{"apiVersion": "v1", "items": [\n')
        for number in range(pods):
            bare = pod(number, pods)
            del bare["metadata"]["ownerReferences"]
            file.write((",\n" if number else "") + json.dumps(bare, indent=indent))
        file.write('\n], "kind": "List", "metadata": {"resourceVersion": ""}}\n')


def create_pods(cluster, count, owners, threads=8):
    """Creates pods in a ControlPlane, with their namespaces and ReplicaSets."""
    cluster.apply(*({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"team-{n}"}} for n in range(min(owners, 40))))
    made = [replica_set(owner) for owner in range(owners)]
    for owner, document in enumerate(made):
        labels = {"app": f"app-{owner}"}
        document["spec"] = {"replicas": 0, "selector": {"matchLabels": labels},
                            "template": {"metadata": {"labels": labels}, "spec": pod(owner, owners)["spec"]}}
        del document["metadata"]["uid"]
    cluster.apply(*made)
    replica_sets = {item["metadata"]["name"]: item["metadata"]["uid"] for item in cluster.read("replicasets", "-A")["items"]}

    def create(number):
        made = pod(number, owners, with_status=False)
        owner = made["metadata"]["ownerReferences"][0]
        owner["uid"] = replica_sets[owner["name"]]
        created = cluster.create(made, user="admin")
        assert created.returncode == 0, created.stderr

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(create, range(count)))
