//go:build tools

// Package tools names the commands the lab builds, so that go.mod and go.sum hold everything they need.
package tools

import (
	_ "sigs.k8s.io/krew/cmd/krew"
	_ "sigs.k8s.io/krew/cmd/validate-krew-manifest"
)
