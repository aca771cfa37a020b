#!/usr/bin/env bash
# Builds the example into the file $1, from a copy in a folder of its own. Needs Go, and protoc or PROTOC.
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
protos=$(CDPATH='' cd -- "$here/../../../coordinator-proto/src/main/protobuf" && pwd)
out=$(realpath -m "${1:?the file to build}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/main.go "$here"/go.mod "$here"/go.sum "$work"
cd "$work"
GOBIN=$work/bin go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.10
GOBIN=$work/bin go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.5.1

stream=osprey/rpc/osprey_coordinator/bidirectional_stream/v1/service.proto
common=(osprey/rpc/common/v1/execution_result.proto osprey/rpc/common/v1/verdicts.proto)
packages=module=example.com/worker,M$stream=example.com/worker/gen/coordinator
for file in "${common[@]}"; do
  packages=$packages,M$file=example.com/worker/gen/common
done
PATH=$work/bin:$PATH "${PROTOC:-protoc}" -I "$protos" --go_out=. --go_opt="$packages" \
  --go-grpc_out=. --go-grpc_opt="$packages" "$stream" "${common[@]}"
go build -o "$out" .
