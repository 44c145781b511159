"""The labeller: what a report text asserts of the 14 CheXpert observations.

Apart from the scores because training and generation use it too (`modeling.omissions`): a change of
a score does not retrain, a change here does.
"""
