"""The tables of this room; each lies in the package that writes it."""

from .desk.models import Cell as Cell
from .desk.models import Change as Change
from .desk.models import Mark as Mark
from .exports.models import ExportJob as ExportJob
from .submissions.models import Dispatch as Dispatch
