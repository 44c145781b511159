"""The three ways of writing at institution A."""

from radimpress.corpus.synthetic.normality_a import A3_NORMAL, A_NORMAL
from radimpress.corpus.synthetic.observations import Change, Observation
from radimpress.corpus.synthetic.regions import Region
from radimpress.corpus.synthetic.style import (
    DevicePolicy,
    FindingsVoice,
    ImpressionVoice,
    Style,
)

_O = Observation

A1 = Style(
    "A1",
    0.4,
    FindingsVoice(
        order=(Region.DEVICES, Region.LUNGS, Region.PLEURA, Region.HEART, Region.BONES),
        present=("There {is} {a_np}.", "{a_np} {is} present."),
        possible=("There may be {a_np}.", "Possible {np}."),
        changed={
            Change.NEW: ("There {is} {a_np}, new since the prior study.", "New {np}."),
            Change.INCREASED: ("{np} {has} increased.", "Interval increase in {np}."),
            Change.DECREASED: ("{np} {has} decreased.", "Interval decrease in {np}."),
            Change.UNCHANGED: ("{np} {is} unchanged.", "Unchanged {np}."),
            Change.RESOLVED: ("Previously seen {np} {has} resolved.",),
        },
        opening=("",),
        denied=("There is no {list}.", "No {list}.", "No {list} is seen."),
        asked=("There is specifically no {np}.",),
        normal=A_NORMAL,
        fullness=0.8,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Possible {np}.",
        changed={
            Change.NEW: "{np}, new.",
            Change.INCREASED: "{np}, increased.",
            Change.DECREASED: "{np}, decreased.",
            Change.UNCHANGED: "{np}, unchanged.",
            Change.RESOLVED: "{np}, resolved.",
        },
        grouped=False,
        ranked=True,
        numbered=True,
        normal="No acute cardiopulmonary process.",
        asked="No {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.ATELECTASIS}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Recommend CT chest.",
        pneumonia_advice="",
    ),
)

A2 = Style(
    "A2",
    0.35,
    FindingsVoice(
        order=(Region.HEART, Region.LUNGS, Region.PLEURA, Region.BONES, Region.DEVICES),
        present=("{a_np} {is} seen.", "{a_np} {is} noted."),
        possible=("{a_np} cannot be excluded.", "{a_np} {is} suspected."),
        changed={
            Change.NEW: ("{a_np} {is} newly seen.", "There {is} new {np}."),
            Change.INCREASED: ("{np} {has} worsened.", "{np} {is} increased from prior."),
            Change.DECREASED: ("{np} {has} improved.", "{np} {is} decreased from prior."),
            Change.UNCHANGED: ("{np} {is} stable.", "Stable {np}."),
            Change.RESOLVED: ("{np} {is} no longer seen.",),
        },
        opening=("In comparison with the study of ___:", ""),
        denied=("{list} is not seen.", "No evidence of {list}.", "No {list} identified."),
        asked=("No evidence of {np} is seen.",),
        normal=A_NORMAL,
        fullness=0.85,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="{np} cannot be excluded.",
        changed={
            Change.NEW: "New {np}.",
            Change.INCREASED: "Increased {np}.",
            Change.DECREASED: "Decreased {np}.",
            Change.UNCHANGED: "Stable {np}.",
            Change.RESOLVED: "Resolved {np}.",
        },
        grouped=False,
        ranked=False,
        numbered=False,
        normal="No acute cardiopulmonary abnormality.",
        asked="No evidence of {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="CT is recommended.",
        pneumonia_advice="",
    ),
)

A3 = Style(
    "A3",
    0.25,
    FindingsVoice(
        order=(Region.LUNGS, Region.PLEURA, Region.HEART, Region.DEVICES, Region.BONES),
        present=("{np}.", "{np} {is} visualized."),
        possible=("Question {np}.", "{np} {is} possible."),
        changed={
            Change.NEW: ("Interval development of {np}.",),
            Change.INCREASED: ("Worsened {np}.", "{np}, increased since the previous exam."),
            Change.DECREASED: ("Improved {np}.", "{np}, decreased since the previous exam."),
            Change.UNCHANGED: ("Stable {np}.", "{np}, unchanged since the previous exam."),
            Change.RESOLVED: ("Interval resolution of {np}.",),
        },
        opening=("",),
        denied=("No {list}.", "Negative for {list}.", "No visible {list}."),
        asked=("No visible {np} in particular.",),
        normal=A3_NORMAL,
        fullness=0.7,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Questionable {np}.",
        changed={
            Change.NEW: "New {np}.",
            Change.INCREASED: "Worsened {np}.",
            Change.DECREASED: "Improved {np}.",
            Change.UNCHANGED: "Unchanged {np}.",
            Change.RESOLVED: "Interval resolution of {np}.",
        },
        grouped=True,
        ranked=True,
        numbered=False,
        normal="Normal chest radiograph.",
        asked="No {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.ATELECTASIS, _O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Recommend CT chest.",
        pneumonia_advice="",
    ),
)
