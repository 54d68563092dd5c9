"""One structured source, many formats: each writer turns a `Source` into bytes and knows nothing of rows or pages.

`source` is what is written down; `told` makes it of a report and of a learning point; `html`, `large`, `plain`,
`braille`, `epub`, `word`, `script`, `recording` and `data` are how it is handed over; `catalogue` says which formats
there are, for whom, and what each needs on the machine.
"""
