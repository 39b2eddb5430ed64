initscan_fuzz(kubeconfig DEPS initscan_kube)
