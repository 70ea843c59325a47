"""Every number of the model, once: default, unit, range, distribution and source.

Tables are TOML files beside this module, one per submodel; nothing is read before the first use of `REGISTRY`.
"""

from sim.parameters.entries import Parameter, TableError
from sim.parameters.records import columns
from sim.parameters.registry import REGISTRY, Registry, check_value

__all__ = ["REGISTRY", "Parameter", "Registry", "TableError", "check_value", "columns"]
