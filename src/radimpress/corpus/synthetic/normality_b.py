"""What institution B says of what is normal: slots of alternative sentences, by region."""

from radimpress.corpus.synthetic.normality import (
    AORTA,
    BONES,
    CLEAR,
    DRY,
    FRACTURE,
    HEART,
    INFLATION,
    MEDIASTINUM,
    NO_OPACITY,
    SILHOUETTE,
    Line,
    Slots,
)
from radimpress.corpus.synthetic.observations import LUNGS
from radimpress.corpus.synthetic.regions import Region

B1_NORMAL: Slots = {
    Region.HEART: (
        (
            Line("The heart is of normal size.", HEART),
            Line("The cardiac silhouette is of normal size.", HEART),
            Line("Cardiac size is within normal limits.", HEART),
            Line("The heart size is within the normal range.", HEART),
            Line("The heart is not enlarged.", HEART),
        ),
        (
            Line("The mediastinal contours are within normal limits.", MEDIASTINUM),
            Line("The mediastinal and hilar contours are normal.", MEDIASTINUM),
            Line("The mediastinum is of normal width.", MEDIASTINUM),
            Line("The hilar contours are normal."),
            Line("The mediastinal contours are unremarkable.", MEDIASTINUM),
        ),
    ),
    Region.LUNGS: (
        (
            Line("The lungs are clear.", CLEAR, LUNGS),
            Line("The lungs are well aerated and clear.", CLEAR, LUNGS | INFLATION),
            Line("Both lungs are clear throughout.", CLEAR, LUNGS),
            Line("The lungs are fully expanded and clear.", CLEAR, LUNGS | INFLATION),
        ),
        (
            Line("The pulmonary vasculature is normal.", DRY),
            Line("The pulmonary vessels are of normal caliber.", DRY),
            Line("The trachea is midline."),
        ),
    ),
    Region.BONES: (
        (
            Line("The visualized bones are unremarkable.", (), BONES),
            Line("The bony thorax is intact.", (), BONES),
            Line("No acute fracture is demonstrated.", FRACTURE),
            Line("The soft tissues are unremarkable."),
        ),
        (
            Line("The upper abdomen is unremarkable."),
            Line("The visualized upper abdomen is normal."),
            Line("There is no free air under the diaphragm."),
        ),
    ),
}

B2_NORMAL: Slots = {
    Region.HEART: (
        (
            Line("Cardiomediastinal silhouette is within normal limits.", SILHOUETTE),
            Line("Cardiac and mediastinal contours are normal.", SILHOUETTE),
            Line("Normal appearance of the heart and mediastinum.", SILHOUETTE),
            Line("Heart size is normal.", HEART),
            Line("Mediastinal contours are normal.", MEDIASTINUM),
        ),
        (
            Line("Hila are unremarkable."),
            Line("Aorta is normal.", (), AORTA),
            Line("Trachea is midline."),
        ),
    ),
    Region.LUNGS: (
        (
            Line("Lungs are clear.", CLEAR, LUNGS),
            Line("Lungs are clear bilaterally.", CLEAR, LUNGS),
            Line("Lungs are normally inflated and clear.", CLEAR, LUNGS | INFLATION),
            Line("No abnormal parenchymal opacity.", NO_OPACITY, LUNGS),
        ),
        (
            Line("Pulmonary vascularity is normal.", DRY),
            Line("Normal vascularity.", DRY),
        ),
    ),
    Region.BONES: (
        (
            Line("Osseous structures are normal.", (), BONES),
            Line("Bones are intact.", (), BONES),
            Line("No fracture is identified.", FRACTURE),
            Line("Bones and soft tissues are unremarkable.", (), BONES),
        ),
        (
            Line("No free air below the diaphragm."),
            Line("Diaphragm is normal."),
            Line("Upper abdomen is normal."),
        ),
    ),
}

B3_NORMAL: Slots = {
    Region.HEART: (
        (
            Line("Normal heart and mediastinum.", SILHOUETTE),
            Line("Heart and mediastinum within normal limits.", SILHOUETTE),
            Line("Normal cardiac size.", HEART),
            Line("Normal mediastinum.", MEDIASTINUM),
        ),
        (Line("Normal hila."), Line("Midline trachea."), Line("Normal aorta.", (), AORTA)),
    ),
    Region.LUNGS: (
        (
            Line("Clear lungs.", CLEAR, LUNGS),
            Line("Lungs clear.", CLEAR, LUNGS),
            Line("Clear well inflated lungs.", CLEAR, LUNGS | INFLATION),
        ),
        (
            Line("Normal vessels.", DRY),
            Line("Vasculature normal.", DRY),
        ),
    ),
    Region.BONES: (
        (
            Line("Bones intact.", (), BONES),
            Line("Normal bones.", (), BONES),
            Line("Bones normal for age.", (), BONES),
        ),
        (Line("Normal upper abdomen."), Line("Normal diaphragm."), Line("No free air.")),
    ),
}
