"""Run a student's code in a separate process, and call its functions over a channel.

``host`` is the trusted side. ``guest`` runs in the other process together with the student's code.
``wire`` is the protocol between the two: frames of plain data. Nothing is ever unpickled.
"""
