"""What institution A says of what is normal: slots of alternative sentences, by region."""

from radimpress.corpus.synthetic.normality import (
    BONES,
    CLEAR,
    FRACTURE,
    HEART,
    INFLATION,
    MEDIASTINUM,
    SILHOUETTE,
    Line,
    Slots,
)
from radimpress.corpus.synthetic.observations import LUNGS
from radimpress.corpus.synthetic.regions import Region

_BODY = (
    (
        Line("No acute fracture.", FRACTURE),
        Line("The osseous structures are unremarkable.", (), BONES),
        Line("Osseous structures are intact.", (), BONES),
        Line("The upper abdomen is unremarkable."),
    ),
)

A_NORMAL: Slots = {
    Region.HEART: (
        (
            Line("The heart size is normal.", HEART),
            Line("Heart size is normal.", HEART),
            Line("Heart size is within normal limits.", HEART),
            Line("The heart is normal in size.", HEART),
        ),
        (
            Line("The mediastinal contours are normal.", MEDIASTINUM),
            Line("Mediastinal contours are unremarkable.", MEDIASTINUM),
            Line("Mediastinal and hilar contours are normal.", MEDIASTINUM),
            Line("The mediastinum is not widened.", MEDIASTINUM),
        ),
    ),
    Region.LUNGS: (
        (
            Line("The lungs are clear.", CLEAR, LUNGS),
            Line("Lungs are clear.", CLEAR, LUNGS),
            Line("The lungs are well expanded and clear.", CLEAR, LUNGS | INFLATION),
            Line("Both lungs are clear.", CLEAR, LUNGS),
        ),
    ),
    Region.BONES: _BODY,
}
"""Of styles A1 and A2."""

A3_NORMAL: Slots = {
    Region.HEART: (
        (
            Line("Cardiomediastinal silhouette is normal.", SILHOUETTE),
            Line("Normal cardiomediastinal silhouette.", SILHOUETTE),
            Line("Heart size normal.", HEART),
            Line("Normal mediastinal contours.", MEDIASTINUM),
        ),
    ),
    Region.LUNGS: (
        (
            Line("Clear lungs.", CLEAR, LUNGS),
            Line("Lungs clear.", CLEAR, LUNGS),
            Line("Lungs are fully expanded and clear.", CLEAR, LUNGS | INFLATION),
        ),
    ),
    Region.BONES: _BODY,
}
