"""Every sentence the door can say about a file, by code.

Codes are those of the catalogue of bad inputs (B01 … B80), with a variant after a dot where one case has several
answers. A caller may add its own with ``add``.
"""

from . import cells, file, meaning, table
from .message import Message

MESSAGES: dict[str, Message] = {}


def add(*messages: Message) -> None:
    """Make messages known by their codes; a code said twice is a mistake of the programmer."""
    for message in messages:
        if message.code in MESSAGES:
            raise ValueError(f"message {message.code} is defined twice")
        MESSAGES[message.code] = message


add(*file.ALL, *table.ALL, *cells.ALL, *meaning.ALL)

__all__ = ["MESSAGES", "Message", "add"]
