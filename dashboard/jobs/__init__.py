"""Sweeps as jobs: each in a process of its own that outlives the server, one at a time, three waiting.

Everything that is known of a job stands in files under one directory, so that a server that starts finds what another
left: `records` says what a job is, `keeper` starts, pauses and cancels, `worker` is the process.
"""
