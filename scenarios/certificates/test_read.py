"""Reading certificates, one and all."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Exchange, Expect, MadeCertificate
from scenarios.certificates.flow import key, read
from scenarios.protocol.lists import pages
from scenarios.support import Json, elements, json_object, without

PARTS = ["state", "thumbprint"]


@pytest.fixture(scope="module")
def three(batch: Batch) -> list[MadeCertificate]:
    """Certificates that scenarios only read."""
    return [batch.create_certificate("cer") for _ in range(3)]


def _listed(batch: Batch, query: Json | None = None) -> tuple[Exchange, dict[str, Json]]:
    """The last page, and every certificate of all pages by thumbprint."""
    walked = list(pages(batch, "Certificate_List", query or {}))
    found = [element for exchange in walked for element in elements(exchange)]
    return walked[-1], {str(element.get("thumbprint")).lower(): element for element in found}


@pytest.mark.requirement("certificates.get.missing")
@pytest.mark.parametrize("operation", ["Certificate_Get", "Certificate_Delete", "Certificate_CancelDeletion"])
def test_missing(batch: Batch, expect: Expect, operation: str) -> None:
    exchange = batch.call(operation, **key(batch.new_certificate("cer")))
    expect.error("certificates.get.missing", exchange, 404, "CertificateNotFound")


@pytest.mark.requirement("certificates.get.other-case")
def test_other_case(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    exchange = batch.call("Certificate_Get", thumbprintAlgorithm="sha1", thumbprint=three[0].thumbprint.upper())
    expect.status("certificates.get.other-case", exchange, 200)


@pytest.mark.requirement("certificates.get.select")
def test_select(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    exchange = batch.call("Certificate_Get", query={"$select": ",".join(PARTS)}, **key(three[0]))
    expect.equal("certificates.get.select", sorted(without(json_object(exchange))), PARTS, exchange, "members")


@pytest.mark.requirement("certificates.list.has-it")
def test_list(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    exchange, found = _listed(batch)
    for made in three:
        alone = without(read(batch, made))
        expect.equal("certificates.list.has-it", found.get(made.thumbprint), alone, exchange, "the certificate in the list")


@pytest.mark.requirement("certificates.list.has-it")
def test_list_again(batch: Batch, expect: Expect) -> None:
    """The same list is asked for before and after a certificate is added: no answer is kept."""
    _listed(batch)
    made = batch.create_certificate("cer")
    exchange, found = _listed(batch)
    expect(
        "certificates.list.has-it", made.thumbprint in found, expected=made.thumbprint, actual=sorted(found), exchange=exchange
    )


@pytest.mark.requirement("certificates.list.filter-state")
def test_filter_state(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    exchange, found = _listed(batch, {"$filter": "state eq 'active'"})
    others = {str(element.get("state")).lower() for element in found.values()} - {"active"}
    expect.equal("certificates.list.filter-state", others, set(), exchange, "other states")
    missing = {made.thumbprint for made in three} - set(found)
    expect.equal("certificates.list.filter-state", missing, set(), exchange, "active certificates that are missing")
    exchange, found = _listed(batch, {"$filter": "state ne 'active'"})
    expect.equal("certificates.list.filter-state", set(found) & {m.thumbprint for m in three}, set(), exchange, "active ones")


@pytest.mark.requirement("certificates.list.filter-state-transition-time")
def test_filter_time(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    requirement = "certificates.list.filter-state-transition-time"
    moment = read(batch, three[1])["stateTransitionTime"]
    for operator, held in (("ge", True), ("le", True), ("lt", False), ("gt", False)):
        exchange, found = _listed(batch, {"$filter": f"stateTransitionTime {operator} DateTime'{moment}'"})
        expect.equal(requirement, three[1].thumbprint in found, held, exchange, f"{operator} its own time finds it")


@pytest.mark.requirement("certificates.list.select")
def test_list_select(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    exchange, found = _listed(batch, {"$select": ",".join(PARTS)})
    shown = {tuple(sorted(element)) for element in found.values()}
    expect.equal("certificates.list.select", shown, {tuple(PARTS)}, exchange, "members of the elements")


@pytest.mark.requirement("certificates.list.pages")
def test_pages(batch: Batch, expect: Expect, three: list[MadeCertificate]) -> None:
    walked = list(pages(batch, "Certificate_List", {"maxresults": 2, "$select": "thumbprint"}))
    sizes = [len(elements(exchange)) for exchange in walked]
    expect("certificates.list.pages", max(sizes) <= 2, expected="at most 2", actual=max(sizes), exchange=walked[-1])
    found = [str(element["thumbprint"]).lower() for exchange in walked for element in elements(exchange)]
    mine = [thumbprint for thumbprint in found if thumbprint in {made.thumbprint for made in three}]
    expect.equal("certificates.list.pages", len(mine), 3, walked[-1], "how often the three certificates are on all pages")


@pytest.mark.requirement("certificates.list.hundred", "certificates.list.above-hundred-refused")
def test_limit(batch: Batch, expect: Expect) -> None:
    expect.status("certificates.list.hundred", batch.call("Certificate_List", query={"maxresults": 100}), 200)
    exchange = batch.call("Certificate_List", query={"maxresults": 101})
    expect.error("certificates.list.above-hundred-refused", exchange, 400, None)
