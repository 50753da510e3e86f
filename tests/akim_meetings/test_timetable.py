"""The timetable goes on whatever happens to its process, to its files and to the clock of the machine."""

import datetime as dt

import pytest

from akim_meetings.celery import app
from akim_meetings.timetable import Ticker


@pytest.fixture
def monotonic(monkeypatch):
    """The clock that nobody sets, in the hands of the test."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr("akim_meetings.timetable.time.monotonic", lambda: Clock.now)
    return Clock


@pytest.fixture
def beat(monkeypatch, monotonic):
    sent = []
    monkeypatch.setattr(Ticker, "apply_entry", lambda self, entry, producer=None: sent.append(entry.name))
    monkeypatch.setattr(Ticker, "producer", None)
    scheduler = Ticker(app=app, lazy=True)
    scheduler.setup_schedule()
    scheduler.sent = sent
    return scheduler


def test_beat_uses_our_timetable():
    assert app.conf.beat_scheduler == "akim_meetings.timetable:Ticker"


def test_a_beat_that_starts_wakes_everything_at_once(beat):
    beat.tick()
    assert {"drain", "reap", "sweep"} <= set(beat.sent)


def test_each_entry_comes_again_after_its_interval(beat, monotonic):
    beat.tick()
    beat.sent.clear()
    for _second in range(60):
        monotonic.now += 1
        beat.tick()
    assert (beat.sent.count("drain"), beat.sent.count("reap"), beat.sent.count("sweep")) == (30, 12, 1)


def test_it_sleeps_until_the_next_entry(beat, monotonic):
    beat.tick()
    monotonic.now += 1.5
    assert beat.tick() == pytest.approx(0.5)


def test_a_clock_that_ran_three_days_ahead_silences_nothing(beat, monotonic):
    beat.tick()
    monotonic.now += 3 * 86400
    beat.tick()
    monotonic.now -= 3 * 86400
    beat.sent.clear()
    beat.tick()
    assert {"drain", "reap", "sweep"} <= set(beat.sent)


def test_every_entry_of_the_timetable_is_an_interval(beat):
    for entry in beat.schedule.values():
        assert isinstance(entry.schedule.run_every, dt.timedelta)
