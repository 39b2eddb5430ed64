"""After its API server has restarted: how long pods of labelled namespaces wait."""

import time

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import bare_pod, until

# The API server reads kinds that are defined in it anew each 30 s, and its first look comes before it knows them.
LONGEST = 45


def test_pods_are_admitted_again(fresh_cluster, injector, tmp_path):
    webhook = ClusterWebhook(injector, fresh_cluster, tmp_path, "--mode", "volume", image=IMAGE)
    try:
        install(fresh_cluster, webhook)
        fresh_cluster.stop_api_server()
        fresh_cluster.start_api_server()
        start = time.monotonic()

        def admitted():
            done = fresh_cluster.create(bare_pod(generateName="probe-"), dry_run=True)
            return done.returncode == 0 and "initscan-gate" in done.stdout or done.stderr or done.stdout

        until(admitted, "it is still denied", 2 * LONGEST)
        assert time.monotonic() - start < LONGEST
    finally:
        webhook.close()
