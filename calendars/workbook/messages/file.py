"""About the file as a whole: type, size, packing, what is inside. All but a few stop everything."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .message import ERROR, NOTE, WARNING, Message

WORKBOOK = _("an Excel workbook (.xlsx) of at most 10 MB or a CSV table in UTF-8")
SAVE_ANEW = _("Copy the table into a new workbook (values only), save it as “Excel Workbook (.xlsx)” and upload that.")
SPLIT = _("Split the table by raion and upload it in parts.")
UPLOAD_AGAIN = _("Upload it again; if it came by mail or messenger, ask for it once more.")

# True types of refused files, as they are named in B03.
FILE_TYPES = {
    "xls": pgettext_lazy("file type", "an old Excel workbook (.xls)"),
    "xlsb": pgettext_lazy("file type", "a binary Excel workbook (.xlsb)"),
    "xml2003": pgettext_lazy("file type", "an XML table of Excel 2003"),
    "csv": pgettext_lazy("file type", "a text table (CSV)"),
    "html": pgettext_lazy("file type", "a web page (HTML)"),
    "doc": pgettext_lazy("file type", "a Word document (.doc)"),
    "docx": pgettext_lazy("file type", "a Word document (.docx)"),
    "ppt": pgettext_lazy("file type", "a PowerPoint presentation"),
    "ods": pgettext_lazy("file type", "an OpenDocument table (.ods)"),
    "odt": pgettext_lazy("file type", "an OpenDocument text"),
    "pdf": pgettext_lazy("file type", "a PDF document"),
    "rtf": pgettext_lazy("file type", "an RTF document"),
    "xml": pgettext_lazy("file type", "an XML file"),
    "image": pgettext_lazy("file type", "a picture"),
    "archive": pgettext_lazy("file type", "an archive"),
    "mail": pgettext_lazy("file type", "a mail message"),
    "program": pgettext_lazy("file type", "a program"),
    "unknown": pgettext_lazy("file type", "a file of unknown type"),
}

ALL = (
    Message(
        "B01", ERROR,
        _("the file is in the old Excel format (.xls)."),
        _("Open it in Excel, choose “Save As”, type “Excel Workbook (.xlsx)”, and upload the new file."),
        WORKBOOK,
    ),
    Message(
        "B02", ERROR,
        _("the workbook is protected by a password."),
        _("Open it in Excel, remove the password (File → Info → Protect Workbook → Encrypt with Password, "
          "clear the field), save it and upload it again."),
        WORKBOOK,
    ),
    Message(
        "B03", ERROR,
        _("this is not an Excel workbook but %(type)s."),
        _("Open it in the program it was made with, save the table as “Excel Workbook (.xlsx)” and upload that."),
        WORKBOOK,
    ),
    Message(
        "B03.csv", ERROR,
        _("the file is named as a workbook but is a text table (CSV)."),
        _("Rename it so that the name ends in .csv and upload it again, or save it as “Excel Workbook (.xlsx)”."),
        WORKBOOK,
    ),
    Message(
        "B03.name", NOTE,
        _("the name says otherwise, but the file is an Excel workbook and was read as one."),
        _("Give it a name that ends in .xlsx."),
    ),
    Message(
        "B04.empty", ERROR,
        _("the file is empty."),
        _("Check that the workbook was saved, and upload it again."),
        WORKBOOK,
    ),
    Message("B04.truncated", ERROR, _("the file arrived incompletely."), UPLOAD_AGAIN, WORKBOOK),
    Message(
        "B04.damaged", ERROR,
        _("the workbook is damaged (part “%(part)s”)."),
        _("Open it in Excel, agree if Excel offers to repair it, save it under a new name and upload that."),
        WORKBOOK,
    ),
    Message(
        "B04.unreadable", ERROR,
        _("the workbook cannot be read."),
        _("Open it in Excel, agree if Excel offers to repair it, save it under a new name and upload that."),
        WORKBOOK,
    ),
    Message(
        "B05.lost", ERROR,
        _("Kazakh letters are lost: “%(value)s”. The file was saved in the Russian encoding Windows-1251, "
          "which has no ә, ғ, қ, ң, ө, ұ, ү, һ."),
        _("Open the original table and save it as “Excel Workbook (.xlsx)” or as “CSV UTF-8”; "
          "the lost letters cannot be restored from this file."),
        _("a CSV table in UTF-8"),
    ),
    Message(
        "B05.garbled", ERROR,
        _("the text was opened in a wrong encoding and saved so: “%(value)s”."),
        _("Open the original table and save it as “Excel Workbook (.xlsx)” or as “CSV UTF-8”."),
        _("a CSV table in UTF-8"),
    ),
    Message(
        "B05.encoding", ERROR,
        _("the encoding of the text is not recognised."),
        _("Save the table as “Excel Workbook (.xlsx)” or as “CSV UTF-8” and upload that."),
        _("a CSV table in UTF-8"),
    ),
    Message(
        "B05.read", WARNING,
        _("the text was read in the encoding %(encoding)s."),
        _("Look at the names in the preview; save the table as “CSV UTF-8” next time."),
    ),
    Message(
        "B06.dialect", NOTE,
        _("the text table was read so: encoding %(encoding)s, columns separated by %(separator)s."),
    ),
    Message(
        "B06.quotes", ERROR,
        _("quotation marks are not paired from here on, so the columns run together."),
        _("Correct the quotation marks or save the table as “Excel Workbook (.xlsx)”."),
    ),
    Message(
        "B07.size", ERROR,
        _("the file is larger than %(limit)s MB."),
        SPLIT, WORKBOOK,
    ),
    Message(
        "B07.inflated", ERROR,
        _("unpacked, the file takes more than %(limit)s MB (part “%(part)s”)."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B07.ratio", ERROR,
        _("part “%(part)s” unpacks to more than %(limit)s times its size, as in a “zip bomb”."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B07.declared", ERROR,
        _("the sizes declared inside the file are not true (part “%(part)s”)."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B07.memory", ERROR,
        _("reading the file takes more memory than is allowed."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B07.time", ERROR,
        _("reading the file takes more than %(limit)s seconds."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B08.rows", ERROR,
        _("the sheet has %(rows)s rows; at most %(limit)s can be read."),
        SPLIT,
    ),
    Message(
        "B08.many_rows", ERROR,
        _("the sheet has more than %(rows)s rows; at most %(limit)s can be read."),
        SPLIT,
    ),
    Message(
        "B08.columns", ERROR,
        _("the sheet has more than %(limit)s columns."),
        _("Take the template of this system and copy the columns you need into it."),
    ),
    Message(
        "B08.sheets", ERROR,
        _("the workbook has %(sheets)s sheets; at most %(limit)s are allowed."),
        _("Leave the sheet with the table and delete the others."),
    ),
    Message(
        "B09", ERROR,
        _("cell %(cell)s, far outside the table, is filled."),
        _("Go to this cell (Ctrl+G), delete the rows and columns between it and the table, and save."),
    ),
    Message(
        "B12", ERROR,
        _("the file contains forbidden XML: a document type or entities (part “%(part)s”)."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B12.encoding", ERROR,
        _("part “%(part)s” is not in UTF-8, as Excel always writes."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B13.entries", ERROR,
        _("there are %(entries)s parts in the file; at most %(limit)s are allowed."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message("B13.name", ERROR, _("a part of the file has a forbidden name: “%(value)s”."), SAVE_ANEW, WORKBOOK),
    Message(
        "B13.nested", ERROR,
        _("there is another file inside the workbook (part “%(part)s”)."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B13.packing", ERROR,
        _("part “%(part)s” is encrypted or packed in an unusual way."),
        SAVE_ANEW, WORKBOOK,
    ),
    Message(
        "B14.macros", ERROR,
        _("the workbook contains macros (part “%(part)s”)."),
        _("Choose “Save As”, type “Excel Workbook (.xlsx)”: macros are left out; upload that file."),
        WORKBOOK,
    ),
    Message(
        "B14.objects", ERROR,
        _("objects of other programs are embedded in the workbook (part “%(part)s”)."),
        _("Delete the embedded objects or copy the table into a new workbook, save it and upload that."),
        WORKBOOK,
    ),
    Message(
        "A22.links", ERROR,
        _("the workbook takes data from other files or from the network (part “%(part)s”)."),
        _("In Excel choose Data → Edit Links → Break Link (or delete the connections), save it and upload it again."),
        WORKBOOK,
    ),
    Message(
        "B15.missing", WARNING,
        _("the workbook has lost its formats, so dates may come as plain numbers."),
        _("Open it in Excel, save it and upload it again, or check every date in the preview."),
    ),
    Message(
        "B15.broken", ERROR,
        _("the formats of the workbook are damaged, so dates cannot be told from numbers."),
        _("Open it in Excel, agree if Excel offers to repair it, save it under a new name and upload that."),
    ),
)  # fmt: skip
