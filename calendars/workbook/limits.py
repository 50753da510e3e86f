"""How much of a workbook is read. Every number has its unit in its name or beside it."""

MIB = 2**20

# The file, before anything is unpacked.
FILE_BYTES = 10 * MIB
ENTRIES = 1_000
ENTRY_NAME_CHARS = 200

# Unpacking, counted while inflating and never believed from the directory.
INFLATED_BYTES = 100 * MIB
INFLATE_RATIO = 100
RATIO_FREE_BYTES = 1 * MIB  # a part smaller than this may be packed as tightly as it likes
SMALL_PART_BYTES = 4 * MIB  # lists of sheets and types are parsed whole
ROW_BYTES = 4 * MIB  # one row of XML: 60 cells of 32,767 characters fit

# The table.
SHEETS = 30
ROWS = 60_000  # of the longest table; each says for itself how many it takes
CELLS = 1_200_000
COLUMNS = 60
HEADER_ROWS = 20  # the headings are looked for in this many first rows
FIELD_CHARS = 32_767  # what one Excel cell can hold

# The child process that parses.
CHILD_MEMORY_BYTES = 512 * MIB
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 30
CHILD_OUTPUT_BYTES = 96 * MIB

# Findings.
SEEN_CHARS = 40
FINDINGS_SHOWN = 500
FINDINGS_KEPT = 50_000  # the rest is counted only

# The copy with remarks: larger originals are written anew from the parsed rows.
REMARKS_ORIGINAL_BYTES = 2 * MIB
REMARKS_UNPACKED_BYTES = 16 * MIB
