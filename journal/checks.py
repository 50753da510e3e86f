"""`manage.py check`: mail settings that would lose, double or never send letters."""

from pathlib import Path

from django.core import checks

from .conf import outbox


@checks.register("journal")
def outbox_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Each finding says which key is wrong and what to write instead."""
    try:
        conf = outbox()
    except TypeError as error:
        return [checks.Error(f"settings.OUTBOX has an unknown key: {error}", id="journal.E001")]
    found: list[checks.CheckMessage] = []
    if conf.transport not in ("file", "smtp"):
        found.append(checks.Error("OUTBOX transport must be 'file' or 'smtp'.", id="journal.E002"))
    if conf.doubt not in ("reconcile", "resend"):
        found.append(checks.Error("OUTBOX doubt must be 'reconcile' or 'resend'.", id="journal.E003"))
    if conf.transport == "smtp" and conf.doubt == "reconcile" and not conf.relay_log:
        found.append(
            checks.Error(
                "OUTBOX doubt is 'reconcile', but no relay_log is named: doubtful letters would wait for ever.",
                hint="Set OUTBOX_RELAY_LOG to the log of the mail relay, or OUTBOX_DOUBT=resend.",
                id="journal.E004",
            )
        )
    if conf.relay_log and not Path(conf.relay_log).exists():
        found.append(checks.Warning(f"The relay's log {conf.relay_log} cannot be seen from here.", id="journal.W001"))
    if conf.relay_log_format not in ("postfix", "plain"):
        found.append(checks.Error("OUTBOX relay_log_format: 'postfix' or 'plain'.", id="journal.E005"))
    if conf.lease_seconds < 2 * conf.total_seconds:
        found.append(
            checks.Error(
                "OUTBOX lease_seconds must be at least twice total_seconds: "
                "a letter is not handed over in the second half of its lease.",
                id="journal.E006",
            )
        )
    if conf.tls not in ("none", "starttls", "ssl"):
        found.append(checks.Error("OUTBOX tls: 'none', 'starttls' or 'ssl'.", id="journal.E007"))
    return found
