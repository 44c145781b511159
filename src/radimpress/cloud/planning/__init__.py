"""What a training needs before it is paid for, and the refusal of what is too dear."""

from radimpress.cloud.planning.planner import plan
from radimpress.cloud.planning.record import Plan
from radimpress.cloud.planning.refusals import refuse_dear
from radimpress.cloud.planning.view import show

__all__ = ["Plan", "plan", "refuse_dear", "show"]
