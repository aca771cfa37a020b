"""The health and reflection services of both ports, as health probes and grpcurl use them.

Prints one line per check; exits with 1 when one fails.
"""

import argparse
import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from google.protobuf import descriptor_pb2
from report import Report, expect

WORKER_SERVICE = "osprey.rpc.osprey_coordinator.bidirectional_stream.v1.OspreyCoordinatorService"
SYNC_SERVICE = "osprey.rpc.osprey_coordinator.sync_action.v1.OspreyCoordinatorSyncActionService"
ALL_SERVICES = "osprey.v1.HealthCheckAll"
HEALTH_SERVICE = "grpc.health.v1.Health"
SECONDS = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker-target", default="127.0.0.1:19950")
    parser.add_argument("--sync-target", default="127.0.0.1:19951")
    options = parser.parse_args()
    report = Report(grpc.__version__)
    _check_port(report, "worker", options.worker_target, WORKER_SERVICE)
    _check_port(report, "sync", options.sync_target, SYNC_SERVICE)
    return 1 if report.failed else 0


def _check_port(report: Report, port: str, target: str, service: str) -> None:
    with grpc.insecure_channel(target) as channel:
        for name in ("", service, ALL_SERVICES):
            report.run(f'health port={port} service="{name}"', lambda: _serving(channel, name))
        report.run(f'health port={port} service="no.Such"', lambda: _unknown(channel))
        # The messages of both versions are the same on the wire.
        for version in ("v1alpha", "v1"):
            report.run(
                f"reflection port={port} version={version}",
                lambda: _reflected(channel, version, service),
            )


def _check(channel: grpc.Channel, service: str):
    request = health_pb2.HealthCheckRequest(service=service)
    return health_pb2_grpc.HealthStub(channel).Check(request, timeout=SECONDS)


def _serving(channel: grpc.Channel, service: str) -> dict:
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(_check(channel, service).status)
    expect(status == "SERVING", f"expected SERVING, got {status}")
    return {"status": status}


def _unknown(channel: grpc.Channel) -> dict:
    try:
        got = str(_check(channel, "no.Such"))
    except grpc.RpcError as e:
        got = e.code().name
    expect(got == "NOT_FOUND", f"expected NOT_FOUND, got {got}")
    return {"code": got}


def _reflected(channel: grpc.Channel, version: str, service: str) -> dict:
    listed = _ask(channel, version, list_services="")
    names = {found.name for found in listed.list_services_response.service}
    missing = {service, HEALTH_SERVICE} - names
    expect(not missing, f"not listed: {sorted(missing)}; listed: {sorted(names)}")
    described = _ask(channel, version, file_containing_symbol=service)
    declared = _services_in(described.file_descriptor_response.file_descriptor_proto)
    expect(service in declared, f"the description of {service} declares {sorted(declared)}")
    return {"services": len(names)}


def _ask(channel: grpc.Channel, version: str, **question):
    method = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    request = reflection_pb2.ServerReflectionRequest(**question)
    return next(method(iter([request]), timeout=SECONDS))


def _services_in(files) -> set[str]:
    parsed = [descriptor_pb2.FileDescriptorProto.FromString(file) for file in files]
    return {f"{file.package}.{declared.name}" for file in parsed for declared in file.service}


if __name__ == "__main__":
    sys.exit(main())
