"""Embedded installations: a letter is a file. Same states; renaming the file is the acceptance."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..conf import OutboxConf
from ..failpoints import reach
from ..mime import envelope_id
from ..models import Notice
from .outcomes import NoAnswer, RelayAway, Reply


def letter_path(conf: OutboxConf, notice: Notice) -> Path:
    """Where the letter lies once it is accepted; one name for one Message-ID."""
    return conf.folder / f"{notice.created_at:%Y-%m-%d}_{notice.pk:06d}_{envelope_id(notice)[2:14]}.eml"


class FolderTransport:
    """Writes beside, syncs, and renames: a reader of the folder sees whole letters only."""

    def __init__(self, conf: OutboxConf):
        self.conf = conf
        self.beside: Path | None = None
        self.target: Path | None = None

    def offer(self, notice: Notice, message: bytes) -> None:
        """Write the whole letter under a name that nobody reads. Raises RelayAway if the disk refuses."""
        self.target = letter_path(self.conf, notice)
        self.beside = self.target.with_suffix(f".{os.getpid()}.part")
        try:
            self.conf.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left_over in self.conf.folder.glob(f"{self.target.stem}.*.part"):
                left_over.unlink(missing_ok=True)  # by a writer that died
            reach("connected")
            with self.beside.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.abandon()
            raise RelayAway("body", error, "fault") from error
        reach("body-sent")

    def hand_over(self) -> Reply:
        """Give the letter its name; the file system answers."""
        assert self.beside is not None
        assert self.target is not None
        try:
            self.beside.rename(self.target)
            reach("after-dot")
            folder = os.open(self.conf.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise NoAnswer(str(error)) from error
        return Reply(250, self.target.name)

    def abandon(self) -> None:
        if self.beside is not None:
            with suppress(OSError):
                self.beside.unlink(missing_ok=True)

    def quit(self) -> None:
        """Nothing is kept open between letters."""
