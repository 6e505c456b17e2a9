"""What a pool specification may not say, beyond what the contract's models can express."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.resources import applications, certificatereferences, images
from conformance.reference.store import Store
from conformance.reference.wire import Json

# Sizes that Batch does not support (source: seed 003, vmSize), by kind of pool, in lower case.
_REFUSED_SIZES = {
    "cloudServiceConfiguration": {"extrasmall", "standard_a1_v2", "standard_a2_v2"},
    "virtualMachineConfiguration": {"standard_a0"},
}
# The families of guest systems for pools of cloud services, and the licences that can be rented with a pool.
_OS_FAMILIES = {"2", "3", "4", "5", "6"}
_LICENSES = {"3dsmax", "arnold", "maya", "vray"}
_WINDOWS_PUBLISHER = "microsoftwindowsserver"
# Metadata is text that a client finds its pool by; the documents name the error but no size.
_METADATA_BYTES = 64 * 1024


def check(store: Store, spec: Json, *, auto: bool = False) -> None:
    """A whole new pool, or the part that an update changes, in the newest naming. Raises BatchProblem. `auto`: it comes later."""
    _check_size(spec)
    _check_image(spec.get("virtualMachineConfiguration", {}))
    _check_offered("cloudServiceConfiguration.osFamily", spec.get("cloudServiceConfiguration", {}).get("osFamily"), _OS_FAMILIES)
    for name in spec.get("applicationLicenses", ()):
        _check_offered("applicationLicenses", name, _LICENSES)
    certificatereferences.check_algorithms(spec.get("certificateReferences", ()))
    if not auto:
        certificatereferences.check(store, spec.get("certificateReferences", ()))
    check_metadata(spec.get("metadata", []))
    for file in _resource_files(spec):
        check_file(file)
    wrong = applications.unknown(store, spec.get("applicationPackageReferences", ()))
    if wrong:
        raise BatchProblem("InvalidApplicationPackageReferences", wrong)


def _check_size(spec: Json) -> None:
    size = spec.get("vmSize")
    if size is None:
        return
    if not size.strip():
        raise invalid_property("vmSize", size, "It must not be empty.")
    for kind, refused in _REFUSED_SIZES.items():
        if kind in spec and size.lower() in refused:
            raise invalid_property("vmSize", size, "Batch does not support this size.")


def _check_image(configuration: Json) -> None:
    if not configuration:
        return
    agent = configuration.get("nodeAgentSKUId", "")
    system = images.SYSTEM_OF_AGENT.get(agent.lower())
    if system is None:
        raise invalid_property("virtualMachineConfiguration.nodeAgentSKUId", agent, "There is no such node agent.")
    image = configuration.get("imageReference", {})
    if "publisher" in image and (image["publisher"].lower() == _WINDOWS_PUBLISHER) is not (system == "windows"):
        raise invalid_property("virtualMachineConfiguration.nodeAgentSKUId", agent, "It is not an agent for that image.")
    if "windowsConfiguration" in configuration and system != "windows":
        name = "virtualMachineConfiguration.windowsConfiguration"
        raise invalid_property(name, configuration["windowsConfiguration"], "The image is not one of Windows.")


def _check_offered(name: str, value: str | None, offered: Collection[str]) -> None:
    if value is not None and value.lower() not in offered:
        raise invalid_property(name, value, f"It must be one of {', '.join(sorted(offered))}.")


def check_metadata(items: list[Json]) -> None:
    if any(not item["name"] for item in items):
        raise BatchProblem("EmptyMetadataKey")
    if sum(len(item["name"]) + len(item["value"]) for item in items) > _METADATA_BYTES:
        raise BatchProblem("MetadataTooLarge")


def _resource_files(spec: Json) -> Iterator[Json]:
    yield from spec.get("startTask", {}).get("resourceFiles", ())


def check_file(file: Json) -> None:
    if "blobPrefix" in file and "httpUrl" in file:
        raise invalid_property("startTask.resourceFiles.blobPrefix", file["blobPrefix"], "It goes with a container only.")
    depth = 0
    for step in PurePosixPath(file.get("filePath", "").replace("\\", "/")).parts:
        depth += -1 if step == ".." else 0 if step in (".", "/") else 1
        if depth < 0:
            raise invalid_property("startTask.resourceFiles.filePath", file["filePath"], "It leads out of the working directory.")
