// Upstream's own converter on a pipe: an alpha InferencePool as JSON on each line of stdin, and on the same line of
// stdout the v1 one that ConvertTo makes of it, or {"error": …}.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	v1 "sigs.k8s.io/gateway-api-inference-extension/api/v1"
	"sigs.k8s.io/gateway-api-inference-extension/apix/v1alpha2"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(convert(lines.Bytes())); err != nil {
			log.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

func convert(line []byte) any {
	var alpha v1alpha2.InferencePool
	if err := json.Unmarshal(line, &alpha); err != nil {
		return failure(err)
	}
	var pool v1.InferencePool
	if err := alpha.ConvertTo(&pool); err != nil {
		return failure(err)
	}
	return pool
}

func failure(err error) any { return map[string]string{"error": err.Error()} }
