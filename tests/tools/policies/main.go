// Judges as the API server's admission does, without an API server: by Kubernetes' own plugins for policies and its own
// matching of webhooks, over the objects of a deployment.
//
//	policies -objects FILE
//
// FILE holds what the cluster has: policies, bindings, their parameters, definitions of kinds, webhook configurations and
// namespaces, in YAML or JSON. Standard input is one request a line, standard output its outcome; see request.go.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"
)

func answer(server *apiServer, line []byte) (any, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	switch {
	case asked.Custom != nil:
		return server.kinds.judge(asked.Custom)
	case asked.Leaves != "":
		return leaves(asked.Leaves)
	case asked.Warnings:
		return server.typeWarnings()
	}
	return server.judge(&asked.request)
}

func run(path string, in io.Reader, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	server, err := newServer(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	lines := bufio.NewReader(in)
	answers := json.NewEncoder(out)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 && err == io.EOF {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		said, err := answer(server, line)
		if err != nil {
			return fmt.Errorf("request %d: %w", number, err)
		}
		if err := answers.Encode(said); err != nil {
			return err
		}
	}
}

func main() {
	path := flag.String("objects", "", "what the cluster has")
	flag.Parse()
	klog.SetLogger(klog.Logger{}) // what the plugins log is not an answer
	if err := run(*path, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "policies: error:", err)
		os.Exit(1)
	}
}
