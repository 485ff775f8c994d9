//go:build tools

// Package tools names the command that checks the workflows, so that go.mod and go.sum hold everything it needs.
package tools

import (
	_ "github.com/rhysd/actionlint/cmd/actionlint"
)
