"""Files that clerks bring: read as a person reads them, checked row by row, saved by services.

`reading` turns bytes into rows with the line each came from: `encoding`, `lines` and `workbook` know the formats,
`table` finds the header. `cells` turns a cell into a value, by the spellings of `spelling` and `days`, or into a
sentence that says how to write it. None of these knows the database. `plain` knows the forms that need no
reading. `resource` carries a row through django-import-export to a service, `row_set` a whole file through SQL,
`handed` hands a whole file to a service; `report` is what the clerk is told.
"""
