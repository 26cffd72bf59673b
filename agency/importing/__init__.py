"""Files that clerks import: read strictly, checked row by row, saved by services.

`reading` turns bytes into rows with the line each came from, `cells` turns a cell into a value or a sentence that
says what is wrong with it, `resource` carries a row through django-import-export to a service, `report` is what the
clerk is told.
"""
