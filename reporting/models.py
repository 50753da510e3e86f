"""The tables of this room; each lies in the package that writes it."""

from .desk.models import Cell as Cell
from .exports.models import ExportJob as ExportJob
from .submissions.models import Dispatch as Dispatch
