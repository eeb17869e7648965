#!/usr/bin/env python3
"""Writes the bill of materials of a staged tarball as CycloneDX 1.5 JSON.

    scripts/dist/sbom.py BINARY ROOT > ringkey.cdx.json

ROOT is what stage.sh laid out, with the libraries beside the binary. Versions are read from what was built and installed:
Package.resolved, the toolchain, the name of libonnxruntime, dpkg. Time and serial number follow from SOURCE_DATE_EPOCH and
the binary, so that the same sources give the same document.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

HERE = pathlib.Path(__file__).parent
REPOSITORY = HERE.parent.parent


def output(*command):
    """What a command prints."""
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def sha256(path):
    """The hashes of a file, as CycloneDX has them."""
    return [{"alg": "SHA-256", "content": hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()}]


def licensed(text):
    """An SPDX identifier, or an expression of several."""
    return [{"expression": text}] if " " in text else [{"license": {"id": text}}]


def component(name, version, licence, purl, **more):
    """One entry; `more` are further members."""
    found = {"type": "library", "bom-ref": purl, "name": name, "version": version}
    return found | {"licenses": licensed(licence), "purl": purl} | more


def swift_packages():
    """What Package.resolved pins; each is compiled into the binary."""
    for pin in json.loads((REPOSITORY / "Package.resolved").read_text())["pins"]:
        state, location = pin["state"], re.sub(r"^https://|\.git$", "", pin["location"])
        if "docc" in pin["identity"]:
            continue  # for make docs only
        yield component(
            pin["identity"],
            state["version"],
            "Apache-2.0 WITH Swift-exception",
            f"pkg:swift/{location}@{state['version']}",
            scope="required",
            properties=[{"name": "ringkey:revision", "value": state["revision"]}],
        )


def swift_runtime():
    """The standard library, Foundation and Dispatch of the toolchain, linked into the binary."""
    version = re.search(r"swift-([\d.]+)-RELEASE|Swift version ([\d.]+)", output("swift", "--version"))
    number = version[1] or version[2]
    yield component(
        "swift-runtime",
        number,
        "Apache-2.0 WITH Swift-exception",
        f"pkg:github/swiftlang/swift@{number}",
        scope="required",
        description="Swift standard library, Foundation with ICU data, Dispatch; linked statically",
    )


def onnx_runtime(root):
    """The library that runs models, by its file."""
    file = next((root / "lib/ringkey").glob("libonnxruntime.so.*"))
    version = file.name.removeprefix("libonnxruntime.so.")
    purl = f"pkg:pypi/onnxruntime@{version}"
    yield component("onnxruntime", version, "MIT", purl, scope="required", hashes=sha256(file))


def debian_libraries(binary, root):
    """The libraries that the binary is linked with; those in the tarball with their hashes."""
    entries = {}
    for line in output(HERE / "libraries.sh", binary).splitlines():
        package, version, place, licence, file = line.split("\t")
        if package in entries:
            continue
        inside = root / "lib/ringkey" / pathlib.Path(file).name
        more = {"hashes": sha256(inside)} if place == "inside" else {}
        purl = f"pkg:deb/debian/{package}@{version}?distro=debian-12"
        properties = [{"name": "ringkey:place", "value": place}]
        entries[package] = component(package, version, licence, purl, scope="required", properties=properties, **more)
    return entries.values()


def document(binary, root):
    """The whole bill."""
    version = output(binary, "--version").strip()
    hashes = sha256(binary)
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    tool = component(
        "ringkey",
        version,
        "MIT AND GPL-2.0-or-later",
        f"pkg:generic/ringkey@{version}",
        hashes=hashes,
        description="MIT for the source; linked with FFTW, the binary is under the GPL",
    )
    found = [*swift_packages(), *swift_runtime(), *onnx_runtime(root), *debian_libraries(binary, root)]
    found.sort(key=lambda entry: entry["name"])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, "ringkey:" + hashes[0]["content"]).urn,
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": tool | {"type": "application"}},
        "components": found,
        "dependencies": [{"ref": tool["bom-ref"], "dependsOn": [entry["bom-ref"] for entry in found]}],
    }


if __name__ == "__main__":
    print(json.dumps(document(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])), indent=2, sort_keys=True))
