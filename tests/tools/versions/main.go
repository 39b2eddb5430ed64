// Reads lines "A B" and says of each how Go orders them: "<", "=" or ">", or "?" where one of them is no version.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/semver"
)

func main() {
	signs := map[int]string{-1: "<", 0: "=", 1: ">"}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		versions := strings.Fields(lines.Text())
		if !semver.IsValid(versions[0]) || !semver.IsValid(versions[1]) {
			fmt.Println("?")
			continue
		}
		fmt.Println(signs[semver.Compare(versions[0], versions[1])])
	}
}
