"""The lower half of the Excel and CSV door: from the bytes of a stranger's file to clean values and findings.

Nothing here knows models, users or the database, and nothing is written. The order is the contract:

1. ``guard.inspect``   looks at the bytes and refuses what must not be parsed;
2. ``reader.read``     parses in a child process with limits (``csvreader`` for text tables);
3. ``table.read_table``finds the sheet, the headings and the rows, and cleans every cell (``cells``);
4. ``findings``        says what is wrong, where, and what to do, in the reader's language;
5. ``remarks``         gives the workbook back with a column of remarks.

This file imports nothing: the child process loads the package and must stay light.
"""
