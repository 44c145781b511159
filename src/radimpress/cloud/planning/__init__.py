"""What a training needs before it is paid for, and the refusal of what is too dear."""

from radimpress.cloud.planning.other_stages import StagePlan, plan_stage, refuse_stage
from radimpress.cloud.planning.planner import plan
from radimpress.cloud.planning.record import Plan
from radimpress.cloud.planning.refusals import refuse_dear
from radimpress.cloud.planning.view import show

__all__ = ["Plan", "StagePlan", "plan", "plan_stage", "refuse_dear", "refuse_stage", "show"]
