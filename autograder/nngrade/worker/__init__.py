"""Run a student's code in a process of its own, and call its functions across a channel.

``host`` is the trusted side, ``guest`` runs in the other process together with the student's
code, ``wire`` is all that the two share: frames of plain data. Nothing is ever unpickled.
"""
