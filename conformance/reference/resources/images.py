"""The images that the reference service supports: a few of those that the live service listed in 2022."""

from __future__ import annotations

from conformance.reference.wire import Json


def _image(publisher: str, offer: str, sku: str, agent: str, system: str, verified: bool = True) -> Json:
    return {
        "nodeAgentSKUId": agent,
        "imageReference": {"publisher": publisher, "offer": offer, "sku": sku, "version": "latest"},
        "osType": system,
        "verificationType": "verified" if verified else "unverified",
        "_key": f"{publisher}/{offer}/{sku}",
    }


IMAGES = (
    _image("canonical", "0001-com-ubuntu-server-focal", "20_04-lts", "batch.node.ubuntu 20.04", "linux"),
    _image("canonical", "0001-com-ubuntu-server-jammy", "22_04-lts", "batch.node.ubuntu 22.04", "linux"),
    _image("canonical", "ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04", "linux"),
    _image("microsoftwindowsserver", "windowsserver", "2019-datacenter", "batch.node.windows amd64", "windows"),
    _image("oracle", "oracle-linux", "81", "batch.node.el 8", "linux", verified=False),
)
# More agents than images: those that older pools and recordings name.
_OTHER_AGENTS = {
    "batch.node.centos 7": "linux",
    "batch.node.debian 8": "linux",
    "batch.node.debian 10": "linux",
    "batch.node.ubuntu 14.04": "linux",
    "batch.node.ubuntu 16.04": "linux",
    "batch.node.ubuntu 24.04": "linux",
}
SYSTEM_OF_AGENT: dict[str, str] = {**{image["nodeAgentSKUId"]: image["osType"] for image in IMAGES}, **_OTHER_AGENTS}
