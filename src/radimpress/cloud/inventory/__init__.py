"""What of this project is in the account, what it costs, and taking it down."""

from radimpress.cloud.inventory.listing import Inventory, resources, take_stock
from radimpress.cloud.inventory.resource import Kind, Resource

__all__ = ["Inventory", "Kind", "Resource", "resources", "take_stock"]
