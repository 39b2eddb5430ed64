// Renders a kustomization or a Helm chart as the tools themselves do, without either of them being installed:
//
//	render kustomize DIR
//	render helm CHART [-values FILE] [-namespace NAME] [-kube-version VERSION] [-uninstall]
//
// It prints YAML documents to standard output, in the order in which the tool would apply (or delete) them. A chart's
// values are checked against its schema.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func kustomize(folder string) (string, error) {
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return "", err
	}
	text, err := made.AsYaml()
	return string(text), err
}

type helmOptions struct {
	valuesFile  string
	namespace   string
	kubeVersion string
	uninstall   bool
}

func helm(folder string, options helmOptions) (string, error) {
	chart, err := loader.Load(folder)
	if err != nil {
		return "", err
	}
	values := chartutil.Values{}
	if options.valuesFile != "" {
		if values, err = chartutil.ReadValuesFile(options.valuesFile); err != nil {
			return "", err
		}
	}
	version, err := chartutil.ParseKubeVersion(options.kubeVersion)
	if err != nil {
		return "", err
	}
	if wanted := chart.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, version.Version) {
		return "", fmt.Errorf("the chart wants Kubernetes %s, this is %s", wanted, version.Version)
	}
	cluster := chartutil.Capabilities{KubeVersion: *version, APIVersions: chartutil.DefaultVersionSet}
	release := chartutil.ReleaseOptions{Name: "initscan", Namespace: options.namespace, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, release, &cluster)
	if err != nil {
		return "", err
	}
	rendered, err := engine.Render(chart, all)
	if err != nil {
		return "", err
	}
	order := releaseutil.InstallOrder
	if options.uninstall {
		order = releaseutil.UninstallOrder
	}
	// NOTES.txt is for people.
	for name := range rendered {
		if strings.HasSuffix(name, ".txt") {
			delete(rendered, name)
		}
	}
	_, manifests, err := releaseutil.SortManifests(rendered, cluster.APIVersions, order)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if !options.uninstall { // these come first, and stay
		for _, crd := range chart.CRDObjects() {
			fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", crd.Filename, crd.File.Data)
		}
	}
	for _, manifest := range manifests {
		fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", manifest.Name, manifest.Content)
	}
	return text.String(), nil
}

func run(arguments []string) (string, error) {
	flags := flag.NewFlagSet("render", flag.ContinueOnError)
	options := helmOptions{}
	flags.StringVar(&options.valuesFile, "values", "", "a file of values, for helm")
	flags.StringVar(&options.namespace, "namespace", "initscan-system", "of the release, for helm")
	flags.StringVar(&options.kubeVersion, "kube-version", "v1.36.0", "of the cluster, for helm")
	flags.BoolVar(&options.uninstall, "uninstall", false, "in the order in which Helm deletes, not in that in which it installs")
	if len(arguments) < 2 {
		return "", fmt.Errorf("want kustomize DIR or helm CHART")
	}
	if err := flags.Parse(arguments[2:]); err != nil {
		return "", err
	}
	switch arguments[0] {
	case "kustomize":
		return kustomize(arguments[1])
	case "helm":
		return helm(arguments[1], options)
	}
	return "", fmt.Errorf("want kustomize or helm, got %q", arguments[0])
}

func main() {
	text, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "render: error:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}
