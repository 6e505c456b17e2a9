"""What an account must be, whoever asks for it: at its creation and after a change."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from conformance.reference.management.problem import by_gateway, invalid_body
from conformance.reference.wire import Json

_STARTS = ("/subscriptions/", "/providers/")


def check(account: Json) -> None:
    """Raises ArmProblem."""
    _check_links(account)
    properties = account["properties"]
    if properties["poolAllocationMode"] == "UserSubscription" and "keyVaultReference" not in properties:
        raise invalid_body(
            "keyVaultReference must be set if poolAllocationMode is specified as 'UserSubscription' on a PUT request"
        )
    identity = account["identity"]
    if identity["type"] == "UserAssigned" and not identity["userAssignedIdentities"]:
        raise invalid_body("identity.userAssignedIdentities must name at least one identity")
    _check_encryption(properties["encryption"], identity)
    for endpoint in properties.get("networkProfile", {}).values():
        for rule in endpoint.get("ipRules", ()):
            _check_address(rule["value"])


def check_location(location: str) -> None:
    """The name of a region, in lower case and without blanks. Raises ArmProblem: Resource Manager refuses what is none."""
    if not (location.isascii() and location.isalnum()):
        raise by_gateway(
            400,
            "LocationNotAvailableForResourceType",
            "The provided location is not available for resource type 'Microsoft.Batch/batchAccounts'.",
        )


def _check_encryption(encryption: Json, identity: Json) -> None:
    if encryption.get("keySource") != "Microsoft.KeyVault":
        return
    key = encryption.get("keyVaultProperties", {}).get("keyIdentifier", "")
    if not key.startswith("https://") or "/keys/" not in key:
        raise invalid_body("encryption.keyVaultProperties.keyIdentifier must be the full path of a key")
    if identity["type"] == "None":
        raise invalid_body("an account whose keySource is 'Microsoft.KeyVault' must have an identity")


def _check_address(value: str) -> None:
    try:
        IPv4Network(value, strict=False)
    except ValueError:
        raise invalid_body(f"the value '{value}' of an ipRule is neither an IPv4 address nor a range in CIDR format") from None


def _check_links(account: Json) -> None:
    """The gateway looks at every resource id, before the provider sees the request."""
    for path, link in _links(account):
        if not link.startswith(_STARTS):
            message = (
                f"Property id '{link}' at path '{path}' is invalid. Expect fully qualified resource Id that start with "
                "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'."
            )
            raise by_gateway(400, "LinkedInvalidPropertyId", message)


def _links(account: Json) -> Iterator[tuple[str, str]]:
    properties = account["properties"]
    if "keyVaultReference" in properties:
        yield "properties.keyVaultReference.id", properties["keyVaultReference"]["id"]
    if "autoStorage" in properties:
        yield "properties.autoStorage.storageAccountId", properties["autoStorage"]["storageAccountId"]
    for name in account["identity"].get("userAssignedIdentities", {}):
        yield "identity.userAssignedIdentities", name
