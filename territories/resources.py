"""Door of Excel and CSV for bodies and mailboxes: django-import-export reads, our services write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.results import RowResult

from .datasets import LINE
from .models import Mailbox, Organisation, Territory
from .models.organisations import OrganisationKind
from .scope import Who
from .services import bodies

BODY_COLUMNS = {
    "id": ("key", "кілт", "ключ"),
    "kind": ("түрі", "вид"),
    "kato": ("код", "коды"),
    "name_kk": ("қазақша атауы", "наименование на казахском"),
    "name_ru": ("орысша атауы", "наименование на русском"),
    "name_en": ("ағылшынша атауы", "наименование на английском"),
    "short_ru": ("қысқаша", "кратко"),
    "under": ("кімге бағынады", "подчинение"),
    "basis": ("негізі", "основание"),
}
MAILBOX_COLUMNS = {
    "key": ("id", "кілт", "ключ"),
    "name": ("атауы", "наименование"),
    "address": ("e-mail", "email", "мекенжай", "электрондық мекенжай", "адрес", "электронный адрес"),
    "language": ("тіл", "тілі", "язык"),
    "addressee": ("кімге", "лауазымы", "кому", "должность"),
}
#: Words of the file → kind of body.
KINDS = {
    **{kind.value: kind for kind in OrganisationKind},
    "agency_or_state_body": OrganisationKind.AGENCY,
    "national_holding": OrganisationKind.HOLDING,
    "national_company": OrganisationKind.COMPANY,
    "national_operator": OrganisationKind.COMPANY,
    "other": OrganisationKind.COMPANY,
    "state_enterprise": OrganisationKind.ENTERPRISE,
    "state_corporation": OrganisationKind.ENTERPRISE,
    "state_fund": OrganisationKind.ENTERPRISE,
}
#: Words of the column “under” that name a body without its key.
ABOVE = {
    "правительство": "government-office",
    "үкімет": "government-office",
    "президент": "administration",
}
LANGUAGES = {
    "": "both",
    "both": "both",
    "kk+ru": "both",
    "қаз+рус": "both",
    "екеуі": "both",
    "оба": "both",
    "kk": "kk",
    "қаз": "kk",
    "қазақша": "kk",
    "казахский": "kk",
    "ru": "ru",
    "рус": "ru",
    "орысша": "ru",
    "русский": "ru",
}


class ThroughServices(resources.ModelResource):
    """Rows are read and compared by the library; what differs goes through our services, which journal it."""

    who: Who

    def import_data(self, dataset, *args, who: Who, **kwargs):
        self.who = who
        return super().import_data(dataset, *args, **kwargs)


class BodyResource(ThroughServices):
    """Bodies in the layout `id, kind, kato, name_kk, name_ru, name_en, short_ru, under`."""

    key = fields.Field("key", "id")
    kind = fields.Field("kind", "kind")
    name_kk = fields.Field("name_kk", "name_kk")
    name_ru = fields.Field("name_ru", "name_ru")
    name_en = fields.Field("name_en", "name_en")
    short_ru = fields.Field("short_ru", "short_ru")
    territory_id = fields.Field("territory_id", "territory_id")
    under_id = fields.Field("under_id", "under_id")

    class Meta:
        model = Organisation
        fields = ("key", "kind", "name_kk", "name_ru", "name_en", "short_ru", "territory_id", "under_id")
        import_id_fields = ("key",)
        clean_model_instances = False
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def before_import(self, dataset, **kwargs):
        """One look at the tree and at the bodies for the whole file; computed columns are given headings."""
        codes = set(dataset["kato"]) if "kato" in dataset.headers else set()
        self.units = dict(Territory.objects.filter(valid_to=None, code__in=codes).values_list("code", "pk"))
        self.keys = dict(Organisation.objects.values_list("key", "pk"))
        self.seen: dict[str, int] = {}
        for name in ("territory_id", "under_id"):
            dataset.append_col([""] * len(dataset), header=name)

    def before_import_row(self, row, **kwargs):
        faults: dict[str, str] = {}
        key = row["id"]
        if not key:
            faults["id"] = _("The key is missing. Every body needs one, for example min-health.")
        elif key in self.seen:
            text = _("The key %(key)s already stands in line %(line)s. Every body stands once.")
            faults["id"] = text % {"key": key, "line": self.seen[key]}
        self.seen.setdefault(key, row[LINE])
        kind = KINDS.get(row.get("kind", ""))
        if kind is None:
            text = _("“%(kind)s” is no kind of body. Known: %(known)s.")
            faults["kind"] = text % {"kind": row.get("kind", ""), "known": ", ".join(sorted(KINDS))}
        row["kind"] = kind or ""
        row["territory_id"] = self.unit(row.get("kato", ""), faults)
        row["under_id"] = self.above(row.get("under", ""), faults)
        for name in ("name_kk", "name_ru"):
            if not row.get(name):
                faults[name] = _("The name is missing.")
        if faults:
            raise ValidationError(faults)

    def unit(self, code: str, faults: dict[str, str]) -> int | None:
        if code and code not in self.units:
            faults["kato"] = _("No living unit has the code %(code)s.") % {"code": code}
        return self.units.get(code)

    def above(self, text: str, faults: dict[str, str]) -> int | None:
        """The body above: a word for one of the two national bodies, or a key that is known by now."""
        key = ABOVE.get(text.lower())
        if key is not None:
            return self.keys.get(key)
        if text and text not in self.keys:
            faults["under"] = _("There is no body with the key %(key)s. Put its row above this one.") % {"key": text}
        return self.keys.get(text)

    def save_instance(self, instance, is_create, row, **kwargs):
        names = ("kind", "name_kk", "name_ru", "name_en", "short_ru")
        values: dict[str, Any] = {name: getattr(instance, name) or "" for name in names}
        values["territory"] = Territory.objects.filter(pk=instance.territory_id).first()
        values["under"] = Organisation.objects.filter(pk=instance.under_id).first()
        if is_create:
            made = bodies.add_body(key=instance.key, values=values, by=self.who)
            self.keys[made.key] = instance.pk = made.pk
        else:
            bodies.change_body(instance, values=values, by=self.who, seen_version=None)


class MailboxResource(ThroughServices):
    """Mailboxes: key of the body, address, language (kk, ru, both), to whom.

    Rows without an address are passed over.
    """

    key = fields.Field("organisation__key", "key")
    name = fields.Field("organisation__name_kk", "name")
    address = fields.Field("address", "address")
    language = fields.Field("language", "language")
    addressee = fields.Field("addressee", "addressee")

    class Meta:
        model = Mailbox
        fields = ("key", "name", "address", "language", "addressee")
        export_order = ("key", "name", "address", "language", "addressee")
        clean_model_instances = False
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def _check_import_id_fields(self, headers):
        """Rows are found by body and address together, in `get_instance`; the headings were checked on reading."""

    def before_import(self, dataset, **kwargs):
        wanted = set(dataset["key"])
        found = Organisation.objects.visible_to(self.who).filter(key__in=wanted).select_related("territory")
        self.bodies = {body.key: body for body in found if not self.outside(body)}
        boxes = Mailbox.objects.filter(organisation__key__in=wanted)
        self.present = {(box.organisation_id, box.address): box for box in boxes}
        self.seen: dict[tuple[str, str], int] = {}

    def outside(self, body: Organisation) -> bool:
        """A body of another region does not exist for this person's file."""
        return not self.who.is_national and (body.territory is None or not self.who.covers(body.territory.path))

    def before_import_row(self, row, **kwargs):
        faults: dict[str, Any] = {}
        body = self.bodies.get(row["key"])
        if body is None:
            faults["key"] = _("There is no body with the key “%(key)s” in your territory.") % {"key": row["key"]}
        given = str(row.get("language", "")).lower()
        if given not in LANGUAGES:
            faults["language"] = _("“%(text)s” is no language of a notice. Write kk, ru or both.") % {"text": given}
        row["language"] = LANGUAGES.get(given, "both")
        row["addressee"] = row.get("addressee", "")
        if body is not None and row["address"]:
            try:
                row["address"] = bodies.clean_address(row["address"])
            except ValidationError as error:
                faults["address"] = error
            pair = (row["key"], row["address"])
            if pair in self.seen:
                text = _("This address already stands in line %(line)s for the same body.")
                faults["address"] = text % {"line": self.seen[pair]}
            self.seen.setdefault(pair, row[LINE])
        if faults:
            raise ValidationError(faults)

    def get_instance(self, instance_loader, row):
        return self.present.get((self.bodies[row["key"]].pk, row["address"]))

    def init_instance(self, row=None):
        return Mailbox(organisation=self.bodies[row["key"]]) if row else Mailbox()

    def import_instance(self, instance, row, **kwargs):
        for name in ("address", "language", "addressee"):
            setattr(instance, name, row[name])

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if not row["address"]:
            return True
        same = all(getattr(instance, name) == getattr(original, name) for name in ("address", "language", "addressee"))
        return same and instance.pk is not None

    def save_instance(self, instance, is_create, row, **kwargs):
        values = {"address": instance.address, "language": instance.language, "addressee": instance.addressee}
        if is_create:
            instance.pk = bodies.add_mailbox(instance.organisation, values=values, by=self.who).pk
        else:
            bodies.change_mailbox(instance, values=values, by=self.who, seen_version=None)


# -- Reports ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RowReport:
    """One line of the file: what it would do, and what is wrong with it."""

    line: int
    state: str
    text: str
    faults: list[tuple[str, str]]


@dataclass
class Report:
    """Outcome of a file, written or only tried. All or nothing: one wrong row and none is written."""

    rows: list[RowReport] = field(default_factory=list)
    written: bool = False

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {state: self.count(state) for state in ("new", "changed", "unchanged", "wrong")}

    @property
    def may_be_written(self) -> bool:
        return bool(self.rows) and not self.count("wrong") and self.count("unchanged") < len(self.rows)


STATES = {
    RowResult.IMPORT_TYPE_NEW: "new",
    RowResult.IMPORT_TYPE_UPDATE: "changed",
    RowResult.IMPORT_TYPE_SKIP: "unchanged",
}


def take_in(resource: ThroughServices, dataset: tablib.Dataset, *, who: Who, write: bool) -> Report:
    """Try or write a file. Raises PermissionDenied when the post may not write at all."""
    lines = list(dataset[LINE])
    label = "address" if isinstance(resource, MailboxResource) else "name_ru"
    texts = [f"{row.get('id') or row.get('key') or ''} {row.get(label) or ''}".strip() for row in dataset.dict]
    result = resource.import_data(
        dataset, dry_run=not write, use_transactions=True, rollback_on_validation_errors=True, who=who
    )
    for error in result.base_errors:
        raise error.error
    rows = []
    for line, text, row in zip(lines, texts, result.rows, strict=True):
        faults = faults_of(row)
        rows.append(RowReport(line, "wrong" if faults else STATES.get(row.import_type, "wrong"), text, faults))
    wrong = any(row.state == "wrong" for row in rows)
    return Report(rows, written=write and not wrong)


def faults_of(row: RowResult) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    for error in row.errors:
        if isinstance(error.error, PermissionDenied):
            raise error.error
        faults.append(("", str(error.error)))
    if row.validation_error is not None:
        if hasattr(row.validation_error, "error_dict"):
            for name, messages in row.validation_error.message_dict.items():
                faults.extend((name, message) for message in messages)
        else:
            faults.extend(("", message) for message in row.validation_error.messages)
    return faults
