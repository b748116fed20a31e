"""Diagnosis with the staff's catalogue of mistakes, which must not reach students.

`probes` are recorded inputs. `behaviour` recognises a catalogued mistake by its outcomes on the
probes. `diagnose` chooses between that mistake and the explanations of the room `diagnosis`.
"""
