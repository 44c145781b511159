from radimpress.cloud.policy.action import USER, same
from radimpress.cloud.policy.resources import Scope


def test_an_action_is_called_like_its_operation_under_the_prefix_of_iam() -> None:
    (quota,) = same("service-quotas", (Scope.anything,), USER, "GetServiceQuota")
    assert quota.name == "servicequotas:GetServiceQuota"
    assert quota.operations == ("service-quotas:GetServiceQuota",)
    (model,) = same("sagemaker", (Scope.models,), USER, "CreateModel")
    assert model.name == "sagemaker:CreateModel"
