"""An account's whole life through azure-mgmt-batch 17.3.0 (api-version 2024-02-01). Runs in the environment of that SDK."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.batch import BatchManagementClient, models
from checks import Checks, main

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP, OTHER_GROUP = "conformance", "default"
NAME = "sdkaccount17"
# the service of the test speaks http, over which the SDK would send no token
OVER_HTTP: dict[str, Any] = {"enforce_https": False}
STORAGE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/sdkstorage"
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.KeyVault/vaults/sdkvault"
USER = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/sdkuser"


class Nobody:
    """A credential whose token nobody asks for."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("a-token-for-tests", int(time.time()) + 3600)


def life(checks: Checks, url: str, account: str, key: str) -> None:
    client = BatchManagementClient(Nobody(), SUBSCRIPTION, base_url=url, polling_interval=1)
    create(checks, client)
    read(checks, client)
    lists(checks, client)
    keys(checks, client)
    updates(checks, client)
    identities(checks, client)
    network(checks, client)
    user_subscription(checks, client)
    errors(checks, client)
    delete(checks, client)


def specification() -> models.BatchAccountCreateParameters:
    return models.BatchAccountCreateParameters(
        location="westeurope",
        tags={"Owner": "tests", "empty": ""},
        identity=models.BatchAccountIdentity(type="SystemAssigned"),
        auto_storage=models.AutoStorageBaseProperties(
            storage_account_id=STORAGE, authentication_mode="BatchAccountManagedIdentity"
        ),
        public_network_access="Disabled",
        network_profile=profile("Deny", "192.0.2.0/24"),
        allowed_authentication_modes=["AAD", "SharedKey"],
    )


def profile(action: str, *addresses: str) -> models.NetworkProfile:
    rules = [models.IPRule(value=value) for value in addresses]
    return models.NetworkProfile(account_access=models.EndpointAccessProfile(default_action=action, ip_rules=rules))


def create(checks: Checks, client: BatchManagementClient) -> None:
    poller = client.batch_account.begin_create(GROUP, NAME, specification(), **OVER_HTTP)
    made = poller.result()
    checks.equal("create: status", poller.status(), "Succeeded")
    checks.contains("create", made.as_dict(), specification().as_dict())
    checks.equal("create: state", made.provisioning_state, "Succeeded")
    checks.equal("create: endpoint", made.account_endpoint, f"{NAME}.westeurope.batch.azure.com")
    checks.equal("create: encryption", made.encryption.key_source, "Microsoft.Batch")
    checks.equal("create: allocation", made.pool_allocation_mode, "BatchService")


def read(checks: Checks, client: BatchManagementClient) -> None:
    account = client.batch_account.get(GROUP, NAME, **OVER_HTTP)
    checks.contains("get", account.as_dict(), specification().as_dict())
    checks.equal(
        "get: name", (account.name, account.type, account.location), (NAME, "Microsoft.Batch/batchAccounts", "westeurope")
    )
    checks.true("get: id", account.id.lower().endswith(f"/{GROUP}/providers/microsoft.batch/batchaccounts/{NAME}"))
    checks.true("get: principal", bool(account.identity.principal_id and account.identity.tenant_id))
    checks.true("get: quotas", account.pool_quota > 0 and account.dedicated_core_quota_per_vm_family[0].core_quota > 0)
    checks.true("get: sync", account.auto_storage.last_key_sync is not None)
    checks.equal("get: private endpoints", account.private_endpoint_connections, [])
    listed = list(client.batch_account.list_detectors(GROUP, NAME, **OVER_HTTP))
    one = client.batch_account.get_detector(GROUP, NAME, listed[0].name, **OVER_HTTP)
    checks.equal("detector: same as listed", one.as_dict(), listed[0].as_dict())
    outbound = list(client.batch_account.list_outbound_network_dependencies_endpoints(GROUP, NAME, **OVER_HTTP))
    checks.true("outbound", any(account.account_endpoint in [e.domain_name for e in found.endpoints] for found in outbound))


def lists(checks: Checks, client: BatchManagementClient) -> None:
    shown = client.batch_account.get(GROUP, NAME, **OVER_HTTP).as_dict()
    everywhere = {account.name: account.as_dict() for account in client.batch_account.list(**OVER_HTTP)}
    checks.equal("list: same as get", everywhere.get(NAME), shown)
    inside = {account.name: account.as_dict() for account in client.batch_account.list_by_resource_group(GROUP, **OVER_HTTP)}
    checks.equal("list of the group: same as get", inside.get(NAME), shown)
    checks.equal("list of another group", list(client.batch_account.list_by_resource_group(OTHER_GROUP, **OVER_HTTP)), [])


def keys(checks: Checks, client: BatchManagementClient) -> None:
    first = client.batch_account.get_keys(GROUP, NAME, **OVER_HTTP)
    checks.equal("keys: account", first.account_name, NAME)
    checks.true("keys: two", bool(first.primary and first.secondary and first.primary != first.secondary))
    wanted = models.BatchAccountRegenerateKeyParameters(key_name="Primary")
    second = client.batch_account.regenerate_key(GROUP, NAME, wanted, **OVER_HTTP)
    checks.true("regenerate: primary", second.primary != first.primary)
    checks.true("regenerate: secondary stays", second.secondary == first.secondary)
    again = client.batch_account.get_keys(GROUP, NAME, **OVER_HTTP)
    checks.true("keys: as regenerated", again.as_dict() == second.as_dict())
    before = client.batch_account.get(GROUP, NAME, **OVER_HTTP).auto_storage.last_key_sync
    checks.equal("synchronize", client.batch_account.synchronize_auto_storage_keys(GROUP, NAME, **OVER_HTTP), None)
    checks.true("synchronize: time", client.batch_account.get(GROUP, NAME, **OVER_HTTP).auto_storage.last_key_sync > before)


def updates(checks: Checks, client: BatchManagementClient) -> None:
    before = client.batch_account.get(GROUP, NAME, **OVER_HTTP).as_dict()
    # the SDK would send Enabled of its own accord
    tags = models.BatchAccountUpdateParameters(tags={"New": "one"}, public_network_access=None)
    after = client.batch_account.update(GROUP, NAME, tags, **OVER_HTTP).as_dict()
    checks.equal("update: tags", after.pop("tags"), {"New": "one"})
    before.pop("tags")
    checks.equal("update: the rest is kept", after, before)
    modes = models.BatchAccountUpdateParameters(allowed_authentication_modes=["AAD"], public_network_access="Enabled")
    client.batch_account.update(GROUP, NAME, modes, **OVER_HTTP)
    shown = client.batch_account.get(GROUP, NAME, **OVER_HTTP)
    checks.equal("update: modes", shown.allowed_authentication_modes, ["AAD"])
    checks.equal("update: access", shown.public_network_access, "Enabled")
    storage = models.AutoStorageBaseProperties(
        storage_account_id=STORAGE + "2", node_identity_reference=models.ComputeNodeIdentityReference(resource_id=USER)
    )
    change = models.BatchAccountUpdateParameters(auto_storage=storage)
    shown = client.batch_account.update(GROUP, NAME, change, **OVER_HTTP)
    checks.contains("update: storage", shown.auto_storage.as_dict(), storage.as_dict())


def identities(checks: Checks, client: BatchManagementClient) -> None:
    encryption = models.EncryptionProperties(
        key_source="Microsoft.KeyVault",
        key_vault_properties=models.KeyVaultProperties(key_identifier="https://sdkvault.vault.azure.net/keys/key/1"),
    )
    shown = client.batch_account.update(GROUP, NAME, models.BatchAccountUpdateParameters(encryption=encryption), **OVER_HTTP)
    checks.equal("encryption", shown.encryption.as_dict(), encryption.as_dict())
    back = models.BatchAccountUpdateParameters(
        encryption=models.EncryptionProperties(key_source="Microsoft.Batch"),
        identity=models.BatchAccountIdentity(
            type="UserAssigned", user_assigned_identities={USER: models.UserAssignedIdentities()}
        ),
    )
    shown = client.batch_account.update(GROUP, NAME, back, **OVER_HTTP)
    checks.equal("user identity", list(shown.identity.user_assigned_identities), [USER])
    checks.true("user identity: ids", bool(shown.identity.user_assigned_identities[USER].client_id))
    none = models.BatchAccountUpdateParameters(identity=models.BatchAccountIdentity(type="None"))
    checks.equal("no identity", client.batch_account.update(GROUP, NAME, none, **OVER_HTTP).identity.as_dict(), {"type": "None"})


def network(checks: Checks, client: BatchManagementClient) -> None:
    sent = profile("Allow", "198.51.100.7")
    sent.node_management_access = models.EndpointAccessProfile(default_action="Deny")
    client.batch_account.update(GROUP, NAME, models.BatchAccountUpdateParameters(network_profile=sent), **OVER_HTTP)
    checks.equal("network", client.batch_account.get(GROUP, NAME, **OVER_HTTP).network_profile.as_dict(), sent.as_dict())


def user_subscription(checks: Checks, client: BatchManagementClient) -> None:
    sent = models.BatchAccountCreateParameters(location="westeurope", pool_allocation_mode="UserSubscription")
    code(
        checks, "no vault", lambda: client.batch_account.begin_create(GROUP, f"{NAME}b", sent, **OVER_HTTP), "InvalidRequestBody"
    )
    sent.key_vault_reference = models.KeyVaultReference(id=VAULT, url="https://sdkvault.vault.azure.net/")
    made = client.batch_account.begin_create(GROUP, f"{NAME}b", sent, **OVER_HTTP).result()
    checks.equal("vault", made.key_vault_reference.as_dict(), sent.key_vault_reference.as_dict())
    checks.equal("core quotas", (made.dedicated_core_quota, made.low_priority_core_quota), (None, None))
    client.batch_account.begin_delete(GROUP, f"{NAME}b", **OVER_HTTP).result()


def errors(checks: Checks, client: BatchManagementClient) -> None:
    operations = client.batch_account
    code(checks, "no account", lambda: operations.get(GROUP, "nobody", **OVER_HTTP), "ResourceNotFound", ResourceNotFoundError)
    code(checks, "no group", lambda: operations.get("nowhere", NAME, **OVER_HTTP), "ResourceGroupNotFound", ResourceNotFoundError)
    wrong = models.BatchAccountUpdateParameters(public_network_access="Sometimes")
    code(checks, "a bad value", lambda: operations.update(GROUP, NAME, wrong, **OVER_HTTP), "InvalidRequestBody")
    elsewhere = models.BatchAccountCreateParameters(location="japaneast")
    create = lambda: operations.begin_create(GROUP, NAME, elsewhere, **OVER_HTTP)  # noqa: E731
    code(checks, "another location", create, "InvalidResourceLocation")


def delete(checks: Checks, client: BatchManagementClient) -> None:
    poller = client.batch_account.begin_delete(GROUP, NAME, **OVER_HTTP)
    checks.equal("delete: result", poller.result(), None)
    checks.equal("delete: status", poller.status(), "Succeeded")
    code(checks, "deleted", lambda: client.batch_account.get(GROUP, NAME, **OVER_HTTP), "ResourceNotFound", ResourceNotFoundError)
    checks.equal("list without it", [account.name for account in client.batch_account.list(**OVER_HTTP)], [])
    checks.equal("delete again", client.batch_account.begin_delete(GROUP, NAME, **OVER_HTTP).result(), None)


def code(
    checks: Checks, what: str, call: Callable[[], object], expected: str, kind: type[HttpResponseError] = HttpResponseError
) -> None:
    """The call fails with an error that the SDK reads as its own type."""
    error = checks.raises(what, call, kind)
    if error is not None and error.error is not None:
        checks.equal(f"{what}: code", error.error.code, expected)
        checks.true(f"{what}: message", bool(error.error.message))
    elif error is not None:
        checks.failures.append(f"{what}: the SDK could not read the body")


if __name__ == "__main__":
    main(life)
