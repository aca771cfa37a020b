#!/usr/bin/env python3
"""Makes the JSON schemas of Kubernetes' kinds in this folder from its OpenAPI document.

usage: generate.py swagger.json VERSION

Strict: what the document does not name is refused. Descriptions are left out. Each schema stands for itself, one
definition to a line.
"""

import json
import pathlib
import sys

KINDS = {
    "deployment-apps-v1": "io.k8s.api.apps.v1.Deployment",
    "service-v1": "io.k8s.api.core.v1.Service",
    "configmap-v1": "io.k8s.api.core.v1.ConfigMap",
    "serviceaccount-v1": "io.k8s.api.core.v1.ServiceAccount",
    "persistentvolumeclaim-v1": "io.k8s.api.core.v1.PersistentVolumeClaim",
    "pod-v1": "io.k8s.api.core.v1.Pod",
    "poddisruptionbudget-policy-v1": "io.k8s.api.policy.v1.PodDisruptionBudget",
    "networkpolicy-networking-v1": "io.k8s.api.networking.v1.NetworkPolicy",
}
# The document has types for these that are narrower than what Kubernetes takes.
WIDER = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["integer", "string"]},
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["number", "string"]},
}
KEPT = {"type", "$ref", "items", "properties", "required", "additionalProperties", "enum"}
PREFIX = "#/definitions/"


def strict(schema):
    kept = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: strict(one) for name, one in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            kept[key] = strict(value)
        elif key in KEPT:
            kept[key] = value
    if "properties" in kept:
        kept.setdefault("additionalProperties", False)
    return kept


def references(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix(PREFIX)
            else:
                yield from references(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from references(one)


def reachable(definitions, name):
    found = {}
    wanted = [name]
    while wanted:
        one = wanted.pop()
        if one not in found:
            found[one] = WIDER.get(one) or strict(definitions[one])
            wanted.extend(references(found[one]))
    return found


def text(version, name, found):
    lines = [
        f"  {json.dumps(one)}: {json.dumps(found[one], sort_keys=True, separators=(',', ':'))}"
        for one in sorted(found)
    ]
    return (
        '{"$schema": "http://json-schema.org/draft-07/schema#",\n'
        f' "$comment": "Kubernetes {version}, api/openapi-spec/swagger.json; see README.md",\n'
        f' "$ref": "{PREFIX}{name}",\n'
        ' "definitions": {\n' + ",\n".join(lines) + "\n }}\n"
    )


def main():
    document = json.loads(pathlib.Path(sys.argv[1]).read_text())
    version = sys.argv[2]
    for file, name in KINDS.items():
        target = pathlib.Path(__file__).with_name(file + ".json")
        target.write_text(text(version, name, reachable(document["definitions"], name)))


if __name__ == "__main__":
    main()
