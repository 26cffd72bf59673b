"""Tables as files: what a cell is, and how CSV and XLSX write it. Nothing here knows the database."""
