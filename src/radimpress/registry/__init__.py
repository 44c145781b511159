"""The model registry: how a model gets in, becomes champion, is taken back and traced.

`registration` makes challengers; `promotion` decides by `gates` over `evidence`, moves the champion
and writes the `ledger`; `lineage` walks from what is served to the data.
"""
