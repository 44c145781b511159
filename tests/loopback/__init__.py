"""A SageMaker on this machine, for tests and rehearsals: see docs/loopback.md.

`server` answers AWS's protocol: moto for the records, and the operations that the other modules
register for what really runs: jobs in the container layout, endpoints as local processes.
"""
