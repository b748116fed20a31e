"""Raises an exception whose text is markup for tables, web pages, spreadsheets and reports."""


# says: link
# %% task="total"
def total(values):
    raise ValueError(
        "[/bold][link=file:///etc/passwd]link[/link][/] <script>alert(1)</script> =1+1 "
        "](javascript:alert(1)) ]]> {score} %s"
    )
