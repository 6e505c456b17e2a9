"""The OData query options that a Batch list understands, as pure functions on JSON resources.

- `parse_filter(text, allowed)` → `Filter`; `filter.matches(resource)`. `allowed` is `operation.filter` of the contract.
- `parse_select(text, model, models)` → `Selection`; `selection.apply(resource)`.
- `parse_expand(text, expandable)` → names; `without_unexpanded(resource, expanded, expandable)`.
- `Pager(secret).page(items, key=…, limit=…, token=…, scope=…)` → `(items, next_token)`.

Every refusal is a `QueryOptionError` with `option` and `reason`: on the wire, `InvalidQueryParameterValue`.
"""

from conformance.reference.odata.errors import ExpandError, FilterError, QueryOptionError, SelectError, SkipTokenError
from conformance.reference.odata.filter import Filter, parse_filter
from conformance.reference.odata.paging import Pager
from conformance.reference.odata.select import Selection, parse_expand, parse_select, without_unexpanded

__all__ = [
    "ExpandError",
    "Filter",
    "FilterError",
    "Pager",
    "QueryOptionError",
    "SelectError",
    "Selection",
    "SkipTokenError",
    "parse_expand",
    "parse_filter",
    "parse_select",
    "without_unexpanded",
]
