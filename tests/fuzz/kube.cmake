initscan_fuzz(kubeconfig DEPS initscan_kube)
initscan_fuzz(http_message DEPS initscan_message)
initscan_fuzz(http_url DEPS initscan_http_client)
