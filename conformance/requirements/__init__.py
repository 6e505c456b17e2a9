"""The norms, as data: the catalogue of requirements, and the words for what is concluded about them."""

from conformance.requirements.catalogue import Catalogue, CatalogueError, Requirement, Source, Trace, Untestable, load
from conformance.requirements.verdict import Evidence, ExchangeSummary, Judgement, Verdict

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Evidence",
    "ExchangeSummary",
    "Judgement",
    "Requirement",
    "Source",
    "Trace",
    "Untestable",
    "Verdict",
    "load",
]
