"""Reasons from the staff's catalogue of mistakes, which must not reach students.

`probes` are the inputs, `behaviour` recognises a catalogued mistake by what it does to them, and
`diagnose` chooses between that and what the room `diagnosis` can tell.
"""
