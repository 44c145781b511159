"""The three ways of writing at institution B."""

from radimpress.corpus.synthetic.normality_b import B1_NORMAL, B2_NORMAL, B3_NORMAL
from radimpress.corpus.synthetic.observations import Change, Observation
from radimpress.corpus.synthetic.regions import Region
from radimpress.corpus.synthetic.style import (
    DevicePolicy,
    FindingsVoice,
    ImpressionVoice,
    Style,
)

_O = Observation

B1 = Style(
    "B1",
    0.45,
    FindingsVoice(
        order=(Region.DEVICES, Region.HEART, Region.LUNGS, Region.PLEURA, Region.BONES),
        present=("There {is} {a_np}.", "{a_np} {is} demonstrated.", "{a_np} {is} evident."),
        possible=("{a_np} {is} difficult to exclude.", "There {is} a suggestion of {np}."),
        changed={
            Change.NEW: (
                "{a_np} {has} developed in the interval.",
                "There {is} now {a_np}.",
            ),
            Change.INCREASED: (
                "{np} {has} increased in extent since the prior radiograph.",
                "{np} {is} more extensive than on the prior radiograph.",
            ),
            Change.DECREASED: (
                "{np} {has} decreased in extent since the prior radiograph.",
                "{np} {is} less extensive than on the prior radiograph.",
            ),
            Change.UNCHANGED: (
                "{np} {is} without interval change.",
                "{np} {is} similar to the prior radiograph.",
            ),
            Change.RESOLVED: ("{np} seen on the prior radiograph {has} cleared.",),
        },
        opening=("Comparison is made with the radiograph of ___.", "", ""),
        denied=(
            "There is no evidence of {list}.",
            "No {list} is demonstrated.",
            "There is no {list} to suggest acute disease.",
        ),
        asked=("In particular there is no evidence of {np}.",),
        normal=B1_NORMAL,
        fullness=0.75,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Suspected {np}.",
        changed={
            Change.NEW: "Newly developed {np}.",
            Change.INCREASED: "Worsening {np}.",
            Change.DECREASED: "Improving {np}.",
            Change.UNCHANGED: "Persistent {np}.",
            Change.RESOLVED: "{np} {has} cleared.",
        },
        grouped=True,
        ranked=True,
        numbered=False,
        normal="No radiographic evidence of acute cardiopulmonary disease.",
        asked="No radiographic evidence of {np}.",
        asked_replaces_normal=True,
        minor=frozenset({_O.ATELECTASIS, _O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Further evaluation by chest CT is advised.",
        pneumonia_advice="Follow-up radiographs are advised to document clearing.",
    ),
)

B2 = Style(
    "B2",
    0.35,
    FindingsVoice(
        order=(Region.LUNGS, Region.PLEURA, Region.HEART, Region.BONES, Region.DEVICES),
        present=("{a_np} {is} identified.", "The examination shows {a_np}."),
        possible=("{a_np} {is} not entirely excluded.", "{a_np} may be present."),
        changed={
            Change.NEW: ("New {np} {is} identified.", "The examination shows new {np}."),
            Change.INCREASED: ("{np} {has} progressed.", "{np} {is} larger than before."),
            Change.DECREASED: ("{np} {has} partially resolved.", "{np} {is} smaller than before."),
            Change.UNCHANGED: ("{np} {is} again identified.", "{np} {has} not changed."),
            Change.RESOLVED: ("The previous {np} {is} no longer identified.",),
        },
        opening=("",),
        denied=(
            "{list} is not identified.",
            "No {list} is identified.",
            "The examination shows no {list}.",
        ),
        asked=("Attention to the clinical question shows no {np}.",),
        normal=B2_NORMAL,
        fullness=0.75,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="{np} {is} not excluded.",
        changed={
            Change.NEW: "{np} {is} a new finding.",
            Change.INCREASED: "{np} {has} progressed.",
            Change.DECREASED: "{np} {has} improved.",
            Change.UNCHANGED: "{np} {is} unchanged.",
            Change.RESOLVED: "{np} {has} resolved.",
        },
        grouped=False,
        ranked=True,
        numbered=True,
        normal="No radiographic evidence of acute cardiopulmonary disease.",
        asked="Negative for {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.CARDIOMEGALY}),
        devices=DevicePolicy.NEW,
        devices_fine="New {device} in satisfactory position.",
        stable="",
        nodule_advice="Chest CT is suggested.",
        pneumonia_advice="",
    ),
)

B3 = Style(
    "B3",
    0.2,
    FindingsVoice(
        order=(Region.PLEURA, Region.LUNGS, Region.HEART, Region.DEVICES, Region.BONES),
        present=("{np}.", "{np} {is} apparent."),
        possible=("Equivocal {np}.", "Question of {np}."),
        changed={
            Change.NEW: ("New {np}.", "{np}, new."),
            Change.INCREASED: ("{np}, now greater.", "{np}, increased."),
            Change.DECREASED: ("{np}, now less.", "{np}, decreased."),
            Change.UNCHANGED: ("{np}, no change.", "{np}, stable."),
            Change.RESOLVED: ("Prior {np} no longer seen.",),
        },
        opening=("Compared to ___.", ""),
        denied=("No {list}.", "Absent {list}.", "Free of {list}."),
        asked=("As to the question, no {np}.",),
        normal=B3_NORMAL,
        fullness=0.8,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Question of {np}.",
        changed={
            Change.NEW: "Interval appearance of {np}.",
            Change.INCREASED: "Progression of {np}.",
            Change.DECREASED: "Regression of {np}.",
            Change.UNCHANGED: "No change in {np}.",
            Change.RESOLVED: "{np} no longer present.",
        },
        grouped=True,
        ranked=False,
        numbered=False,
        normal="No acute disease.",
        asked="No sign of {np}.",
        asked_replaces_normal=True,
        minor=frozenset({_O.PLEURAL_OTHER}),
        devices=DevicePolicy.ANY,
        devices_fine="Lines and tubes in satisfactory position.",
        stable="Stable appearance with",
        nodule_advice="CT advised.",
        pneumonia_advice="",
    ),
)
