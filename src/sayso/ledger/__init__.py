"""The ledger: DuckLake tables in one folder, commits of whole batches, queries, search, exports."""

from sayso.ledger.adding import AddReport
from sayso.ledger.ledger import Ledger, open_ledger
from sayso.ledger.relation import Relation
from sayso.ledger.search import Hit, Hits
from sayso.ledger.upkeep import Check

__all__ = ["AddReport", "Check", "Hit", "Hits", "Ledger", "Relation", "open_ledger"]
