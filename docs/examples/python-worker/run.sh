#!/usr/bin/env bash
# Starts the example against a coordinator's worker port: run.sh [HOST:PORT]. Makes an environment with gRPC in
# .venv/python-worker first, unless PYTHON names an interpreter that has grpcio and grpcio-tools.
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
repository=$(CDPATH='' cd -- "$here/../../.." && pwd)
protos=$repository/coordinator-proto/src/main/protobuf
stubs=${STUBS:-$repository/.venv/python-worker/stubs}

if [ -z "${PYTHON:-}" ]; then
  environment=$repository/.venv/python-worker/venv
  PYTHON=$environment/bin/python
  if ! [ -x "$PYTHON" ]; then
    python3 -m venv "$environment"
    "$PYTHON" -m pip install --quiet grpcio grpcio-tools
  fi
fi

mkdir -p "$stubs"
"$PYTHON" -m grpc_tools.protoc -I "$protos" --python_out="$stubs" --grpc_python_out="$stubs" \
  osprey/rpc/common/v1/execution_result.proto osprey/rpc/common/v1/verdicts.proto \
  osprey/rpc/osprey_coordinator/bidirectional_stream/v1/service.proto
PYTHONPATH=$stubs exec "$PYTHON" "$here/worker.py" "$@"
